#include "report/tool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"

namespace scission {
namespace {

constexpr Tool kShell = {"sh", "dash", "runs scripts"};

TEST(RunTool, WaitsForTheEnd) { EXPECT_TRUE(RunTool(kShell, {"-c", "exit 0"})); }

TEST(RunTool, TellsWhatAFailingToolSaid) {
  try {
    RunTool(kShell, {"-c", "echo out; echo err >&2; exit 3"});
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "sh failed: out err");
  }
}

TEST(RunTool, IsNotHeldUpByMuchOutput) {
  EXPECT_TRUE(RunTool(kShell, {"-c", "head -c 1000000 /dev/zero"}));
}

TEST(RunTool, KillsWhatTakesTooLong) {
  EXPECT_FALSE(RunTool(kShell, {"-c", "exec sleep 100"}, std::chrono::seconds(1)));
}

TEST(RunTool, NamesThePackageOfWhatIsMissing) {
  EXPECT_EQ(testing::ErrorOf([] {
              RunTool({"no-such-tool", "tools", "draws"}, {});
            }),
            "no-such-tool: is not installed, and draws (package tools)");
}

}  // namespace
}  // namespace scission
