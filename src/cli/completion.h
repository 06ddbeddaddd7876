// What a shell asks the program in order to complete a command line; the scripts in completions/
// read it. Each answer has one word a line, and behind a tab what it means, where there is that.
// "scission COMMAND --list-options" is answered where the command parses its arguments.
#pragma once

#include <string>

namespace scission {

/// Answers "--list-commands" and "--list-models" on standard output; false for any other `word`.
bool AnswerCompletion(const std::string& word);

}  // namespace scission
