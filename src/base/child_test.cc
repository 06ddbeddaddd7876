#include "base/child.h"

#include <gtest/gtest.h>

#include <csignal>

namespace scission {
namespace {

TEST(RunInChild, ReturnsTheExitCode) {
  const ChildResult result = RunInChild([] { return 3; });
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.CrashText(), "");
}

TEST(RunInChild, SurvivesACrashAndNamesIt) {
  const ChildResult result = RunInChild([]() -> int {
    std::signal(SIGFPE, SIG_DFL);
    std::raise(SIGFPE);
    return 0;
  });
  EXPECT_EQ(result.signal, SIGFPE);
  EXPECT_EQ(result.CrashText(), "was killed: Floating point exception");
}

TEST(RunInChild, LeavesTheParentsMemoryAlone) {
  int value = 1;
  RunInChild([&] { return value = 2; });
  EXPECT_EQ(value, 1);
}

}  // namespace
}  // namespace scission
