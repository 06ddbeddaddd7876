// What the program answers to a shell that completes a command line, and bash's side of it. The
// other shells are tried in fresh roots (tests/fresh_root_test).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "process.h"

namespace scission::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::StartsWith;

std::vector<std::string> Ask(const std::vector<std::string>& words) {
  std::vector<std::string> argv = {Program()};
  argv.insert(argv.end(), words.begin(), words.end());
  const ProcessResult result = RunProcess(argv);
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  return Lines(result.standard_output);
}

/// What bash offers for the command line "scission `words`", the last of which is being typed.
std::vector<std::string> CompleteInBash(const std::vector<std::string>& words) {
  std::vector<std::string> argv = {"/bin/bash",
                                   "-c",
                                   "source \"$1\"; compopt() { :; }; shift; COMP_WORDS=(\"$@\");"
                                   "COMP_CWORD=$(($# - 1)); _scission;"
                                   "printf '%s\\n' \"${COMPREPLY[@]}\"",
                                   "bash",
                                   SCISSION_SOURCE_DIR "/completions/scission.bash",
                                   Program()};
  argv.insert(argv.end(), words.begin(), words.end());
  return Lines(RunProcess(argv, SCISSION_SOURCE_DIR).standard_output);
}

TEST(Completion, EveryCommandListsItsOptionsWithTheirMeaning) {
  const std::vector<std::string> commands = Ask({"--list-commands"});
  EXPECT_THAT(commands, Contains("predict\tfind the best plans from profiles and a network"));
  for (const std::string& command : commands) {
    const std::string name = command.substr(0, command.find('\t'));
    EXPECT_THAT(Ask({name, "--list-options"}), Contains(StartsWith("--help\tPrint"))) << name;
  }
}

TEST(Completion, BashOffersCommands) {
  EXPECT_THAT(CompleteInBash({"bench"}), ElementsAre("benchmark"));
}

TEST(Completion, BashOffersTheOptionsOfTheCommand) {
  EXPECT_THAT(CompleteInBash({"predict", "vgg19", "--device-"}),
              ElementsAre("--device-upload", "--device-time"));
}

TEST(Completion, BashOffersModelsAndFiles) {
  EXPECT_THAT(CompleteInBash({"inspect", ""}), IsSupersetOf({"vgg19", "README.md"}));
  EXPECT_THAT(CompleteInBash({"inspect", "READ"}), ElementsAre("README.md"));
}

}  // namespace
}  // namespace scission::testing
