// Finds the command and runs it.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "base/unfinished_files.h"
#include "cli/command.h"
#include "cli/completion.h"
#include "runner/segment_runner.h"

namespace scission {
namespace {

void PrintUsage() {
  std::cout
      << "Scission finds out where to cut a neural network between device, edge and cloud.\n\n"
         "Usage: scission COMMAND [ARGUMENTS]\n\nCommands:\n";
  for (const Command& command : Commands()) {
    std::cout << fmt::format("  {:<10} {}\n", command.name, command.summary);
  }
  std::cout
      << "\n'scission COMMAND --help' describes one; 'scission --version' names the version.\n";
}

int UnknownCommand(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : Commands()) names.emplace_back(command.name);
  const auto nearest = Nearest(name, names);
  throw InputError("scission", fmt::format("there is no command '{}'; {}", Printable(name),
                                           nearest ? "did you mean '" + *nearest + "'?"
                                                   : "it is one of " + Join(names, ", ")));
}

int Run(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" ||
      arguments[0] == "help") {
    PrintUsage();
    return arguments.empty() ? kBadInput : kDone;
  }
  if (arguments[0] == "--version") {
    std::cout << "scission " SCISSION_VERSION "\n";
    return kDone;
  }
  if (AnswerCompletion(arguments[0])) return kDone;
  if (arguments[0] == kSegmentRunnerCommand) return RunSegmentRunner();
  const auto commands = Commands();
  const auto command =
      std::find_if(commands.begin(), commands.end(),
                   [&](const Command& candidate) { return arguments[0] == candidate.name; });
  if (command == commands.end()) return UnknownCommand(arguments[0]);
  return command->run({arguments.begin() + 1, arguments.end()});
}

}  // namespace
}  // namespace scission

int main(int argc, char** argv) {
  scission::RemoveUnfinishedFilesOnSignals();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return scission::RunGuarded([&] { return scission::Run(arguments); });
}
