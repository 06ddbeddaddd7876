// What a command is. Each lives in a file of its own and parses its own arguments.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace scission {

/// What the process returns.
enum ExitCode {
  kDone = 0,
  kInternalFailure = 1,
  kBadInput = 2,
  kNoPlan = 3,
  kUnstable = 4,       ///< measured and kept, but the machine was disturbed
  kInterrupted = 130,  ///< as shells have it for SIGINT
};

struct Command {
  const char* name;
  const char* summary;
  int (*run)(const std::vector<std::string>& arguments);
};

/// All commands, in the order in which a user meets them.
std::span<const Command> Commands();

/// A line on standard error, while a command works: what it does, or why it goes on differently.
void Tell(const std::string& line);

/// Runs `work` and flushes standard output. What it throws becomes one line on standard error and
/// an exit code.
int RunGuarded(const std::function<int()>& work);

int RunModels(const std::vector<std::string>& arguments);
int RunExport(const std::vector<std::string>& arguments);
int RunInspect(const std::vector<std::string>& arguments);
int RunGraph(const std::vector<std::string>& arguments);
int RunBenchmark(const std::vector<std::string>& arguments);
int RunNetwork(const std::vector<std::string>& arguments);
int RunPredict(const std::vector<std::string>& arguments);
int RunRun(const std::vector<std::string>& arguments);
int RunStudyCommand(const std::vector<std::string>& arguments);
int RunSplit(const std::vector<std::string>& arguments);
int RunValidate(const std::vector<std::string>& arguments);
int RunWorker(const std::vector<std::string>& arguments);
int RunCerts(const std::vector<std::string>& arguments);

}  // namespace scission
