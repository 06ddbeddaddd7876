// The planner against an exhaustive search on random instances.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/random.h"
#include "plan/planner.h"
#include "plan/testing/exhaustive.h"
#include "plan/testing/random_problem.h"

namespace scission {
namespace {

using testing::kSlowness;

using testing::RandomInstance;

std::string Identity(const Plan& plan) {
  std::string text = plan.source;
  for (const Stage& stage : plan.stages) {
    text += fmt::format(" {} {}-{}", stage.host, stage.first_layer, stage.last_layer);
  }
  return text;
}

/// Whether there was a plan.
bool CompareOnce(Random& random, int hosts, int blocks) {
  RandomInstance instance = testing::MakeInstance(random, hosts, blocks);
  const Problem problem = testing::ToProblem(instance);
  for (testing::RandomHost& host : instance.hosts) testing::AddEstimates(host);
  Query query = testing::ToQuery(instance, problem);
  query.result_count = 1 + static_cast<std::size_t>(random.Below(12));
  auto expected = testing::Exhaustive(instance).plans();
  expected.resize(std::min(expected.size(), query.result_count));

  const auto plans = BestPlans(problem, query);
  EXPECT_EQ(plans.size(), expected.size());
  std::set<std::string> identities;
  for (std::size_t i = 0; i < std::min(plans.size(), expected.size()); ++i) {
    EXPECT_NEAR(query.objective.ValueOf(plans[i]), expected[i].value, 1e-9);
    EXPECT_NEAR(plans[i].latency.count(), expected[i].latency, 1e-9);
    EXPECT_TRUE(identities.insert(Identity(plans[i])).second);
  }
  return !expected.empty();
}

/// Solved instances among `count` of up to so many hosts and blocks.
int Compare(Random& random, int count, int max_hosts, int max_blocks) {
  int solved = 0;
  for (int i = 0; i < count && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(i);
    const int hosts = 1 + random.Below(max_hosts);
    solved += CompareOnce(random, hosts, 1 + random.Below(max_blocks)) ? 1 : 0;
  }
  return solved;
}

TEST(Planner, AgreesWithExhaustiveSearchOnSmallInstances) {
  Random random(7);
  EXPECT_GT(Compare(random, 20'000 / kSlowness, 4, 5), 5000 / kSlowness);
}

TEST(Planner, AgreesWithExhaustiveSearchOnManyHosts) {
  Random random(8);
  EXPECT_GT(Compare(random, 500 / kSlowness, 6, 6), 100 / kSlowness);
}

TEST(Planner, AgreesWithExhaustiveSearchOnManyBlocks) {
  Random random(9);
  EXPECT_GT(Compare(random, 500 / kSlowness, 4, 12), 100 / kSlowness);
}

TEST(Planner, AgreesWithExhaustiveSearchOnTheLargestInstances) {
  Random random(10);
  EXPECT_GE(Compare(random, 40 / kSlowness, 6, 12), 5 / kSlowness);
}

}  // namespace
}  // namespace scission
