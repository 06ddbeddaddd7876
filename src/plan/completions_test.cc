#include "plan/completions.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "plan/testing/exhaustive.h"
#include "plan/testing/random_problem.h"

namespace scission {
namespace {

/// Without constraints that are more than rows of costs.
testing::RandomInstance WithRowsOnly(Random& random) {
  testing::RandomInstance instance =
      testing::MakeInstance(random, 1 + random.Below(5), 1 + random.Below(5));
  for (auto& [tier, texts] : instance.texts) texts = {};
  const auto period = instance.limits.find("throughput");
  const double longest = period == instance.limits.end() ? 0.25 * random.Below(5) : period->second;
  instance.limits = {{"throughput", longest}};
  instance.max_stages = testing::kNone;
  instance.may_revisit = false;
  return instance;
}

TEST(Completions, KnowWhetherThereIsAPlan) {
  Random random(13);
  int with_plan = 0;
  constexpr int kCount = 3000 / testing::kSlowness;
  for (int i = 0; i < kCount; ++i) {
    SCOPED_TRACE(i);
    testing::RandomInstance instance = WithRowsOnly(random);
    const Problem problem = testing::ToProblem(instance);
    if (problem.returns_output && problem.sources.size() > 1) continue;
    const Instance rows(problem, testing::ToQuery(instance, problem));
    for (testing::RandomHost& host : instance.hosts) testing::AddEstimates(host);
    const bool has_plan = !testing::Exhaustive(instance).plans().empty();
    ASSERT_TRUE(Completions::Fits(rows));
    EXPECT_EQ(Completions(rows).CanBegin(), has_plan);
    with_plan += has_plan ? 1 : 0;
  }
  EXPECT_GT(with_plan, kCount / 5);
  EXPECT_LT(with_plan, kCount * 4 / 5);
}

TEST(Completions, FitOnlyWhereTheTableIsSmall) {
  Random random(14);
  Problem few = testing::ToProblem(testing::MakeInstance(random, 12, 4));
  few.may_revisit = false;
  EXPECT_TRUE(Completions::Fits(Instance(few, {})));
  few.may_revisit = true;
  EXPECT_FALSE(Completions::Fits(Instance(few, {})));
  Problem many = testing::ToProblem(testing::MakeInstance(random, 30, 4));
  many.may_revisit = false;
  EXPECT_FALSE(Completions::Fits(Instance(many, {})));
}

}  // namespace
}  // namespace scission
