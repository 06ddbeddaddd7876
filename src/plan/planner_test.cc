#include "plan/planner.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "plan/testing/profile_builder.h"

namespace scission {
namespace {

using testing::BlockSpec;
using testing::MakeNetwork;
using testing::MakeProblem;
using testing::MakeProfile;

using ::testing::ElementsAre;

/// "a 0-1, b 2-5"
std::string Text(const Plan& plan) {
  std::vector<std::string> texts;
  for (const Stage& stage : plan.stages) {
    texts.push_back(fmt::format("{} {}-{}", stage.host, stage.first_layer, stage.last_layer));
  }
  return Join(texts, ", ");
}

std::vector<std::string> Texts(const std::vector<Plan>& plans) {
  std::vector<std::string> texts;
  for (const Plan& plan : plans) texts.push_back(Text(plan));
  return texts;
}

const std::vector<Profile> kDeviceAndCloud = {
    MakeProfile("device", "pi", {{0, 0, 1, 1000}, {1, 1, 2, 10}}),
    MakeProfile("cloud", "gpu", {{0, 0, 0.1, 1000}, {1, 1, 0.2, 10}})};

TEST(Planner, KeepsEverythingLocalWhenTheLinkIsSlow) {
  const Problem problem = MakeProblem(kDeviceAndCloud, MakeNetwork({{"pi", "gpu", 0, 1}}), 3000);
  const auto plans = BestPlans(problem, {});
  EXPECT_THAT(Texts(plans), ElementsAre("pi 0-1", "pi 0-0, gpu 1-1", "gpu 0-1"));
  EXPECT_EQ(plans[0].latency, Seconds(3));
  EXPECT_EQ(plans[0].sent, Bytes{0});
  EXPECT_TRUE(plans[0].hops.empty());
}

TEST(Planner, SendsTheInputAwayWhenTheLinkIsFast) {
  const Problem problem =
      MakeProblem(kDeviceAndCloud, MakeNetwork({{"pi", "gpu", 0.5, 1e4}}), 3000);
  const auto plans = BestPlans(problem, {});
  EXPECT_THAT(Texts(plans), ElementsAre("gpu 0-1", "pi 0-0, gpu 1-1", "pi 0-1"));
  EXPECT_EQ(plans[0].source, "pi");
  ASSERT_EQ(plans[0].hops.size(), 1u);
  EXPECT_EQ(plans[0].hops[0].bytes, Bytes{3000});
  EXPECT_EQ(plans[0].hops[0].time, Seconds(0.5) + Seconds(0.3));
  EXPECT_DOUBLE_EQ(plans[0].latency.count(), 0.3 + 0.8);
  EXPECT_DOUBLE_EQ(plans[1].latency.count(), 1 + 0.2 + 0.6);
}

TEST(Planner, DoesNotUseAMissingLink) {
  EXPECT_THAT(Texts(BestPlans(MakeProblem(kDeviceAndCloud, {}, 0), {})), ElementsAre("pi 0-1"));
}

TEST(Planner, UsesHostsInAnyOrder) {
  Problem problem =
      MakeProblem({MakeProfile("device", "a", {{0, 0, 9, 8}, {1, 1, 9, 8}, {2, 2, 9, 8}}),
                   MakeProfile("fog", "b", {{0, 0, 9, 8}, {1, 1, 9, 8}, {2, 2, 1, 8}}),
                   MakeProfile("cloud", "c", {{0, 0, 1, 8}, {1, 1, 9, 8}, {2, 2, 9, 8}}),
                   MakeProfile("cloud", "d", {{0, 0, 9, 8}, {1, 1, 1, 8}, {2, 2, 9, 8}})},
                  MakeNetwork({{"a", "c", 0.5, 8}, {"c", "d", 0, 8}, {"d", "b", 0, 8}}), 4);
  const auto plans = BestPlans(problem, {});
  EXPECT_EQ(Text(plans[0]), "c 0-0, d 1-1, b 2-2");
  EXPECT_EQ(plans[0].latency, Seconds(1 + 3 + 2));
  EXPECT_EQ(plans[0].source, "a");
  EXPECT_EQ(plans[0].sent, Bytes{4 + 8 + 8});
  SelectSource(problem, "d");
  EXPECT_EQ(Text(BestPlans(problem, {})[0]), "d 0-1, b 2-2");
}

TEST(Planner, DoesNotUseAHostTwice) {
  const Problem problem =
      MakeProblem({MakeProfile("device", "a", {{0, 0, 0, 1}, {1, 1, 9, 1}, {2, 2, 0, 1}}),
                   MakeProfile("edge", "b", {{0, 0, 9, 1}, {1, 1, 0, 1}, {2, 2, 5, 1}})},
                  MakeNetwork({{"a", "b", 1, 1e9}, {"b", "a", 1, 1e9}}), 1);
  EXPECT_THAT(Texts(BestPlans(problem, {})),
              ElementsAre("a 0-0, b 1-2", "a 0-2", "b 0-1, a 2-2", "b 0-2", "a 0-1, b 2-2"));
}

TEST(Planner, FindsHostsThatAreAlikeWithoutTryingThemAll) {
  // None can hold more than two blocks, so each plan has six stages: 30 x 29 x ... of them tie.
  std::vector<Profile> profiles;
  Network network;
  for (int i = 0; i < 30; ++i) {
    std::vector<BlockSpec> blocks;
    for (int block = 0; block < 12; ++block) blocks.push_back({block, block, 1, 1});
    profiles.push_back(MakeProfile("device", fmt::format("h{}", i), blocks));
    for (int j = 0; j < 30; ++j) {
      network.links[{fmt::format("h{}", i), fmt::format("h{}", j)}] = {Seconds(1), 1};
    }
  }
  Query query;
  const Problem problem = MakeProblem(profiles, network, 1);
  for (int host = 0; host < 30; ++host) {
    query.constraints.push_back({{host}, TimeLimit{Seconds(2)}, "--host-time", "2"});
  }
  const auto plans = BestPlans(problem, query);
  ASSERT_EQ(plans.size(), 5u);
  EXPECT_EQ(Text(plans[0]), "h0 0-1, h1 2-3, h2 4-5, h3 6-7, h4 8-9, h5 10-11");
  EXPECT_EQ(plans[4].latency, Seconds(12 + 2 * 5));
  EXPECT_EQ(Text(plans[4]), "h0 0-1, h1 2-3, h2 4-5, h3 6-7, h4 8-9, h9 10-11");
}

TEST(Planner, TakesEveryDeviceForASource) {
  const Problem problem =
      MakeProblem({MakeProfile("device", "a", {{0, 1, 3}}), MakeProfile("device", "b", {{0, 1, 2}}),
                   MakeProfile("edge", "c", {{0, 1, 1}})},
                  MakeNetwork({{"a", "c", 1.5, 1e9}, {"b", "c", 0.5, 1e9}, {"a", "b", 0, 1e9}}), 0);
  const auto plans = BestPlans(problem, {});
  EXPECT_THAT(Texts(plans), ElementsAre("c 0-1", "b 0-1", "b 0-1", "c 0-1", "a 0-1"));
  EXPECT_EQ(plans[0].source, "b");
  EXPECT_EQ(plans[1].source, "a");
  EXPECT_EQ(plans[2].source, "b");
  EXPECT_EQ(plans[3].source, "a");
}

TEST(Planner, TakesTheTimeOfAMeasuredRangeAsItIs) {
  std::vector<Profile> profiles = kDeviceAndCloud;
  profiles[0].models[0].ranges.push_back({0, 1, {Seconds(0.5)}});
  const auto plans = BestPlans(MakeProblem(profiles, {}, 0), {});
  EXPECT_EQ(plans[0].compute, Seconds(0.5));
  EXPECT_EQ(plans[0].stages[0].origin, SegmentOrigin::kMeasured);
}

TEST(Planner, OrdersEqualPlansByStagesThenStageByStage) {
  const Problem problem = MakeProblem(
      {MakeProfile("device", "a", {{0, 0}, {1, 1}}), MakeProfile("edge", "b", {{0, 0}, {1, 1}}),
       MakeProfile("edge", "c", {{0, 0}, {1, 1}})},
      MakeNetwork({{"a", "b"}, {"a", "c"}}), 0);
  Query query;
  EXPECT_THAT(Texts(BestPlans(problem, query)),
              ElementsAre("a 0-1", "b 0-1", "c 0-1", "a 0-0, b 1-1", "a 0-0, c 1-1"));
  query.result_count = 2;
  EXPECT_THAT(Texts(BestPlans(problem, query)), ElementsAre("a 0-1", "b 0-1"));
}

TEST(Planner, LimitsTheNumberOfStages) {
  const Problem problem = MakeProblem(kDeviceAndCloud, MakeNetwork({{"pi", "gpu", 0, 1}}), 3000);
  Query query;
  query.constraints.push_back({{}, StageLimit{1}, "--max-hosts", "1"});
  EXPECT_THAT(Texts(BestPlans(problem, query)), ElementsAre("pi 0-1", "gpu 0-1"));
}

}  // namespace
}  // namespace scission
