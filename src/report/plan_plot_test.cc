#include "report/plan_plot.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.h"
#include "base/file.h"
#include "plan/planner.h"
#include "plan/testing/profile_builder.h"
#include "report/gnuplot.h"

namespace scission {
namespace {

using testing::MakeNetwork;
using testing::MakeProblem;
using testing::MakeProfile;

Problem DeviceAndCloud(const std::string& cloud, double seconds = 1) {
  return MakeProblem({MakeProfile("device", "pi", {{0, 0, seconds, 100}, {1, 2, 9, 10}}),
                      MakeProfile("cloud", cloud, {{0, 0, 8, 100}, {1, 2, 0, 10}})},
                     MakeNetwork({{"pi", cloud, 0.5 * seconds, 1e12}}), 1e12);
}

TEST(PlanBars, PutTransfersBetweenTheBlocks) {
  const Problem problem = DeviceAndCloud("gpu");
  const auto bars = PlanBars(problem, BestPlans(problem, {}).front());
  ASSERT_EQ(bars.size(), 3u);
  EXPECT_EQ(bars[0].label, "0");
  EXPECT_EQ(bars[0].host, "pi");
  EXPECT_EQ(bars[0].time_ms, 1000);
  EXPECT_EQ(bars[1].label, "to gpu");
  EXPECT_EQ(bars[1].host, "");
  EXPECT_NEAR(bars[1].time_ms, 500, 1e-3);
  EXPECT_EQ(bars[2].label, "1-2");
  EXPECT_EQ(bars[2].host, "gpu");
  EXPECT_EQ(bars[2].time_ms, 0);
}

TEST(PlanBars, EndWithTheOutputOnItsWayBack) {
  Problem problem = DeviceAndCloud("gpu");
  problem.returns_output = true;
  problem.links[2] = Link{Seconds(0.25), 1e12};
  const auto bars = PlanBars(problem, BestPlans(problem, {}).front());
  ASSERT_EQ(bars.size(), 4u);
  EXPECT_EQ(bars[3].label, "to pi");
  EXPECT_NEAR(bars[3].time_ms, 250, 1e-3);
}

TEST(GnuplotString, LeavesNothingToExpand) {
  EXPECT_EQ(GnuplotString("a'b`c`\n\"$d\\"), "'a''b`c` \"$d\\'");
}

TEST(PlotPlan, DrawsNamesAsTheyStand) {
  const Problem problem = DeviceAndCloud("a_{b}^c'`touch x`<&\"%d");
  const TemporaryFolder folder;
  PlotPlan(problem, BestPlans(problem, {}).front(), folder.path() / "p");
  EXPECT_EQ(ReadFile(folder.path() / "p.png").substr(1, 3), "PNG");
  const std::string svg = ReadFile(folder.path() / "p.svg");
  EXPECT_NE(svg.find("Cloud(a_{b}^c'`touch x`&lt;&amp;\"%d) 0.0000 s"), std::string::npos);
  EXPECT_NE(svg.find("to a_{b}^c'`touch x`&lt;&amp;\"%d"), std::string::npos);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2);
}

TEST(PlotPlan, DrawsAPlanWhereEveryTimeIsZero) {
  const Problem problem = MakeProblem({MakeProfile("device", "pi", {{0, 0}, {1, 1}})}, {}, 0);
  const TemporaryFolder folder;
  PlotPlan(problem, BestPlans(problem, {}).front(), folder.path() / "p");
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "p.png"));
}

TEST(PlotPlan, SaysThatGnuplotIsMissing) {
  const Problem problem = DeviceAndCloud("gpu");
  const TemporaryFolder folder;
  const std::string search_path = std::getenv("PATH");
  ::setenv("PATH", folder.path().c_str(), 1);
  std::string message;
  try {
    PlotPlan(problem, BestPlans(problem, {}).front(), folder.path() / "p");
  } catch (const InputError& error) {
    message = error.what();
  }
  ::setenv("PATH", search_path.c_str(), 1);
  EXPECT_EQ(message, "gnuplot: is not installed, and draws the pictures (package gnuplot-nox)");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace scission
