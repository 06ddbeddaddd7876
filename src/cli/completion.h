// What a shell asks the program in order to complete a command line; the scripts in completions/
// read it. Each answer has one word a line, and behind a tab what it means, where there is that.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace scission {

/// Answers "--list-commands" and "--list-models" on standard output; false for any other `word`.
bool AnswerCompletion(const std::string& word);

/// Answers "--list-options" of a command: every spelling of every option of `app`.
void PrintOptions(const CLI::App& app);

}  // namespace scission
