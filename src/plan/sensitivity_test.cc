#include "plan/sensitivity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "plan/replies.h"
#include "plan/testing/profile_builder.h"
#include "plan/testing/random_problem.h"

namespace scission {
namespace {

using testing::MakeNetwork;
using testing::MakeProblem;
using testing::MakeProfile;

const Sensitivity* Find(const std::vector<Sensitivity>& all, Parameter parameter,
                        const std::string& from) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Sensitivity& candidate) {
    return candidate.parameter == parameter && candidate.from == from;
  });
  return found == all.end() ? nullptr : &*found;
}

/// 4 s on the device; 1 s in the cloud behind 0.5 s of latency and 1 s for 1000 bytes.
Problem DeviceAndCloud() {
  return MakeProblem(
      {MakeProfile("device", "pi", {{0, 3, 4, 8}}), MakeProfile("cloud", "gpu", {{0, 3, 1, 8}})},
      MakeNetwork({{"pi", "gpu", 0.5, 1000}}), 1000);
}

TEST(Sensitivity, FindsWhereTheBestPlanChanges) {
  const auto all = FindSensitivities(DeviceAndCloud(), {}, 10);
  const Sensitivity& latency = *Find(all, Parameter::kLinkLatency, "pi");
  EXPECT_FALSE(latency.below);
  EXPECT_EQ(latency.value, 0.5);
  EXPECT_DOUBLE_EQ(latency.above->value, 2);  // 2 + 1 + 1 = 4
  EXPECT_EQ(latency.above->plan.stages[0].host, "pi");

  const Sensitivity& bandwidth = *Find(all, Parameter::kLinkBandwidth, "pi");
  EXPECT_FALSE(bandwidth.above);
  EXPECT_EQ(bandwidth.to, "gpu");
  EXPECT_EQ(bandwidth.value, 1000);
  EXPECT_DOUBLE_EQ(bandwidth.below->value, 400);  // 0.5 + 2.5 + 1 = 4

  const Sensitivity& cloud = *Find(all, Parameter::kHostSpeed, "gpu");
  EXPECT_FALSE(cloud.above);
  EXPECT_DOUBLE_EQ(cloud.below->value, 1 / 2.5);  // 0.5 + 1 + 2.5 = 4
  const Sensitivity& device = *Find(all, Parameter::kHostSpeed, "pi");
  EXPECT_FALSE(device.below);
  EXPECT_DOUBLE_EQ(device.above->value, 4 / 2.5);
}

TEST(Sensitivity, KeepsToTheConstraintsAndTheObjective) {
  Query query;
  query.constraints.push_back({{0}, UseRule{false}, "--device", "-1"});
  const Problem problem = DeviceAndCloud();
  for (const Sensitivity& sensitivity : FindSensitivities(problem, query, 10)) {
    EXPECT_FALSE(sensitivity.below || sensitivity.above);
  }
  query.objective = ParseObjective("", "throughput");
  EXPECT_TRUE(FindSensitivities(problem, query, 10).empty());
  query.constraints.push_back({{1}, UseRule{false}, "--cloud", "-1"});
  EXPECT_TRUE(FindSensitivities(problem, query, 10).empty());
}

Problem With(Problem problem, const Sensitivity& sensitivity, double value) {
  const int from = problem.FindHost(sensitivity.from);
  if (sensitivity.parameter == Parameter::kHostSpeed) {
    // A host that is twice as fast is one on which everything takes half the time.
    ProblemHost& host = problem.hosts[static_cast<std::size_t>(from)];
    ModelProfile model;
    model.model = "m";
    for (int first = 0; first < problem.block_count(); ++first) {
      const BlockLayers& block = problem.blocks[static_cast<std::size_t>(first)];
      model.blocks.push_back({.first_layer = block.first_layer, .last_layer = block.last_layer});
      for (int last = first; last < problem.block_count(); ++last) {
        const int last_layer = problem.blocks[static_cast<std::size_t>(last)].last_layer;
        const Seconds time = host.SegmentTime(first, last);
        model.ranges.push_back({block.first_layer, last_layer, {time / value}});
      }
    }
    std::vector<int> last_layers;
    for (const BlockLayers& block : problem.blocks) last_layers.push_back(block.last_layer);
    host.times = SegmentTable(model, last_layers);
    host.startup /= value;
    return problem;
  }
  const int to = problem.FindHost(sensitivity.to);
  const bool counts_replies = problem.counts_replies();
  if (counts_replies) problem.links = std::exchange(problem.one_way, {});
  auto& link = problem.links[static_cast<std::size_t>(from) * problem.hosts.size() +
                             static_cast<std::size_t>(to)];
  if (sensitivity.parameter == Parameter::kLinkLatency) {
    link->latency = Seconds(value);
  } else {
    link->bytes_per_second = value;
  }
  if (counts_replies) CountReplies(problem);
  return problem;
}

double BestLatency(const Problem& problem, const Query& query) {
  return BestPlans(problem, query).at(0).latency.count();
}

std::string StagesOf(const Plan& plan) {
  std::string text = plan.source;
  for (const Stage& stage : plan.stages)
    text += " " + stage.host + std::to_string(stage.last_layer);
  return text;
}

/// Latency of `plan` with the parameter as in `problem`: the plan is looked for among all.
double LatencyOf(const Problem& problem, Query query, const Plan& plan) {
  query.result_count = 100'000;
  for (const Plan& candidate : BestPlans(problem, query)) {
    if (StagesOf(candidate) == StagesOf(plan)) return candidate.latency.count();
  }
  return INFINITY;
}

/// Today's best plan is the best up to the break-point, where it meets the other one, and not
/// behind it.
void Check(const Problem& problem, const Query& query, const Plan& best,
           const Sensitivity& sensitivity, const BreakPoint& point, double step) {
  const Problem before = With(problem, sensitivity, point.value * (1 - 1e-3 * step));
  const Problem at = With(problem, sensitivity, point.value);
  const Problem behind = With(problem, sensitivity, point.value * (1 + 1e-3 * step));
  const bool is_before = std::abs(point.value - sensitivity.value) > 2e-3 * sensitivity.value;
  if (is_before) {
    EXPECT_NEAR(LatencyOf(before, query, best), BestLatency(before, query), 1e-9);
  }
  EXPECT_NEAR(LatencyOf(at, query, best), BestLatency(at, query), 1e-6);
  EXPECT_NEAR(LatencyOf(at, query, point.plan), BestLatency(at, query), 1e-6);
  EXPECT_GT(LatencyOf(behind, query, best), BestLatency(behind, query));
}

TEST(Sensitivity, IsRightOnRandomInstances) {
  Random random(12);
  int checked = 0;
  for (int i = 0; i < 400 && !HasFailure(); ++i) {
    SCOPED_TRACE(i);
    testing::RandomInstance instance = testing::MakeInstance(random, 1 + random.Below(4), 4);
    instance.limits.clear();
    instance.objective = {{"latency", 1}};
    for (auto& [tier, texts] : instance.texts) texts.time = "";
    instance.counts_replies = i % 2 == 1;
    instance.returns_output = instance.returns_output && !instance.counts_replies;
    const Problem problem = testing::ToProblem(instance);
    const Query query = testing::ToQuery(instance, problem);
    const auto plans = BestPlans(problem, query);
    if (plans.empty()) continue;
    for (const Sensitivity& sensitivity : FindSensitivities(problem, query, 4)) {
      for (const double step : {-1, 1}) {
        const auto& point = step < 0 ? sensitivity.below : sensitivity.above;
        if (!point || point->value == 0 || std::isinf(point->value)) continue;
        Check(problem, query, plans[0], sensitivity, *point, step);
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 200);
}

}  // namespace
}  // namespace scission
