#include "worker/child_process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "base/file.h"

namespace scission {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Ran {
  ChildResult result;
  std::vector<std::string> lines;
};

/// A shell script; cancelled when it has written "now".
Ran RunScript(const std::string& script, Seconds patience = Seconds(10)) {
  const TemporaryFolder folder;
  Ran ran;
  bool is_cancelled = false;
  ran.result = RunProgram(
      {.program = "/bin/sh",
       .arguments = {"-c", script},
       .directory = folder.path(),
       .patience = patience},
      [&](const std::string& line) {
        is_cancelled |= line == "now";
        ran.lines.push_back(line);
      },
      [&] { return is_cancelled; });
  return ran;
}

TEST(RunProgram, GivesLinesAndTheExitCode) {
  const Ran ran = RunScript("echo out; echo a >&2; printf 'b\\033[1m' >&2; exit 7");
  EXPECT_EQ(ran.result.exit_code, 7);
  EXPECT_FALSE(ran.result.was_interrupted);
  EXPECT_THAT(ran.lines, ElementsAre("a", "b?[1m"));
}

TEST(RunProgram, TellsOfASignal) {
  const Ran ran = RunScript("kill -SEGV $$");
  EXPECT_EQ(ran.result.signal, SIGSEGV);
  EXPECT_EQ(ran.result.CrashText(), "was killed: Segmentation fault");
}

TEST(RunProgram, InterruptsAndWaits) {
  const Ran ran = RunScript(
      "trap 'echo stopping >&2; exit 130' INT; echo now >&2; "
      "while :; do sleep 0.01; done");
  EXPECT_TRUE(ran.result.was_interrupted);
  EXPECT_EQ(ran.result.exit_code, 130);
  EXPECT_THAT(ran.lines, ElementsAre("now", "stopping"));
}

TEST(RunProgram, KillsWhatDoesNotStop) {
  const Ran ran =
      RunScript("trap '' INT; echo now >&2; while :; do sleep 0.01; done", Milliseconds(200));
  EXPECT_EQ(ran.result.signal, SIGKILL);
}

TEST(RunProgram, DoesNotWaitForWhatTheProgramLeftBehind) {
  const auto start = std::chrono::steady_clock::now();
  const Ran ran = RunScript("sleep 20 & echo done >&2");
  EXPECT_EQ(ran.result.exit_code, 0);
  EXPECT_THAT(ran.lines, ElementsAre("done"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(RunProgram, InheritsNoDescriptorAndNoBlockedSignal) {
  const int open = ::fcntl(STDERR_FILENO, F_DUPFD, 50);  // not closed on exec
  sigset_t all;
  sigset_t old;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &old);
  const Ran ran = RunScript("[ -e /proc/$$/fd/" + std::to_string(open) +
                            " ] && echo open >&2; grep SigBlk /proc/$$/status | tr -d '\\t' >&2");
  ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
  ::close(open);
  EXPECT_THAT(ran.lines, ElementsAre("SigBlk:0000000000000000"));
}

TEST(RunProgram, SaysThatThereIsNoSuchProgram) {
  const TemporaryFolder folder;
  const ChildResult result = RunProgram(
      {.program = "/no/such", .directory = folder.path()}, [](const std::string&) {},
      [] { return false; });
  EXPECT_EQ(result.exit_code, 127);
}

TEST(RunProgram, DiesWithTheThreadThatStartedIt) {
  const TemporaryFolder folder;
  const ChildResult parent = RunInChild([&]() -> int {
    RunProgram(
        {.program = "/bin/sh",
         .arguments = {"-c", "echo $$ > pid; mv pid ready; exec sleep 30"},
         .directory = folder.path()},
        [](const std::string&) {},
        [&] {
          if (std::filesystem::exists(folder.path() / "ready")) ::_exit(5);
          return false;
        });
    return 0;
  });
  EXPECT_EQ(parent.exit_code, 5);
  const pid_t child = std::stoi(ReadFile(folder.path() / "ready"));
  bool is_gone = false;
  for (int i = 0; i < 500 && !is_gone; ++i) {
    is_gone = ::kill(child, 0) != 0;
    // Whoever inherits orphans may leave it as a zombie.
    if (!is_gone) {
      const auto status = "/proc/" + std::to_string(child) + "/stat";
      is_gone =
          !std::filesystem::exists(status) || ReadFile(status).find(") Z ") != std::string::npos;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(is_gone);
}

}  // namespace
}  // namespace scission
