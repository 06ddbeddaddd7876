#include "plan/uncertainty.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

Stage MakeStage(const char* host, int first, int last, std::optional<double> deviation) {
  Stage stage{host, "edge", first, last};
  if (deviation) stage.deviation = Seconds(*deviation);
  return stage;
}

Plan MakePlan(double latency, std::vector<Stage> stages) {
  Plan plan;
  plan.latency = Seconds(latency);
  plan.stages = std::move(stages);
  return plan;
}

TEST(Uncertainty, OfALatencyAddsUpAsVariances) {
  const Plan plan = MakePlan(1, {MakeStage("a", 0, 1, 0.3), MakeStage("b", 2, 3, 0.4)});
  EXPECT_DOUBLE_EQ(LatencyDeviation(plan)->count(), 0.5);
  EXPECT_FALSE(LatencyDeviation(MakePlan(1, {MakeStage("a", 0, 1, {})})));
}

TEST(Uncertainty, IsAProbabilityOfTheNormalDistribution) {
  const Plan a = MakePlan(1, {MakeStage("a", 0, 3, 0.3)});
  EXPECT_NEAR(*ProbabilityFaster(a, MakePlan(1.5, {MakeStage("b", 0, 3, 0.4)})), 0.841345, 1e-6);
  EXPECT_NEAR(*ProbabilityFaster(a, MakePlan(0.5, {MakeStage("b", 0, 3, 0.4)})), 0.158655, 1e-6);
  EXPECT_DOUBLE_EQ(*ProbabilityFaster(a, MakePlan(1, {MakeStage("b", 0, 3, 0.4)})), 0.5);
  EXPECT_FALSE(ProbabilityFaster(a, MakePlan(2, {MakeStage("b", 0, 3, {})})));
}

TEST(Uncertainty, OfAStageThatBothPlansHaveDoesNotCount) {
  const Stage common = MakeStage("a", 0, 1, {});
  const Plan a = MakePlan(1, {common, MakeStage("b", 2, 3, 0.1)});
  const Plan b = MakePlan(1.1, {common, MakeStage("c", 2, 3, 0)});
  EXPECT_NEAR(*ProbabilityFaster(a, b), 0.841345, 1e-6);
  EXPECT_EQ(ProbabilityFaster(a, MakePlan(1.1, a.stages)), 1);
  EXPECT_EQ(ProbabilityFaster(a, a), 0.5);
}

}  // namespace
}  // namespace scission
