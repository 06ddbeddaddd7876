#include "plan/planner.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "base/text.h"
#include "plan/testing/profile_builder.h"

namespace scission {
namespace {

using testing::BlockSpec;
using testing::MakeNetwork;
using testing::MakeProblem;
using testing::MakeProfile;

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

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
      if (i == j) continue;
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

TEST(Planner, CountsWhatItTakesToHandASourceItsInput) {
  Problem problem =
      MakeProblem({MakeProfile("device", "a", {{0, 1, 3}}), MakeProfile("device", "b", {{0, 1, 3}}),
                   MakeProfile("edge", "c", {{0, 1, 1}})},
                  MakeNetwork({{"a", "a", 0.5, 10}, {"b", "b", 0.25, 10}, {"b", "c", 0.5, 10}}), 5);
  const auto plans = BestPlans(problem, {});
  EXPECT_THAT(Texts(plans), ElementsAre("c 0-1", "b 0-1", "a 0-1"));
  EXPECT_EQ(plans[0].entry, Seconds(0.75));
  EXPECT_EQ(plans[0].latency, Seconds(1 + 1 + 0.75));
  EXPECT_EQ(plans[0].sent, Bytes{5});
  EXPECT_EQ(plans[2].latency, Seconds(4));
  EXPECT_EQ(plans[2].period, Seconds(3));
  const Query query = {.constraints = {{{}, ObjectiveLimit{{}, 3.5}, "--max-latency", "3.5"}}};
  EXPECT_THAT(Texts(BestPlans(problem, query)), ElementsAre("c 0-1"));
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

/// Of three equal hosts in a ring; each block takes a second, each hop a quarter, the input a
/// second more.
Problem Ring(int blocks) {
  std::vector<BlockSpec> specs;
  for (int i = 0; i < blocks; ++i) specs.push_back({i, i, 1, 1});
  Problem problem = MakeProblem(
      {MakeProfile("device", "a", specs), MakeProfile("edge", "b", specs),
       MakeProfile("cloud", "c", specs)},
      MakeNetwork({{"a", "b", 0.25, 1e9}, {"b", "c", 0.25, 1e9}, {"c", "a", 0.25, 1e9}}), 1e9);
  return problem;
}

std::string BestText(const Problem& problem, const Query& query) {
  return Text(BestPlans(problem, query).at(0));
}

TEST(Planner, SpreadsAStreamOfInputsEvenly) {
  Query query;
  query.objective = ParseObjective("", "throughput");
  const auto plans = BestPlans(Ring(6), query);
  EXPECT_EQ(Text(plans[0]), "a 0-1, b 2-3, c 4-5");
  EXPECT_EQ(plans[0].period, Seconds(2));
  EXPECT_EQ(Text(plans[1]), "b 0-1, c 2-3, a 4-5");  // slower, as it sends the input
  EXPECT_EQ(Text(plans[2]), "a 0-2, b 3-5");
  EXPECT_EQ(plans[2].period, Seconds(3));
}

TEST(Planner, BreaksTiesOfOtherMetricsByLatency) {
  Problem problem = Ring(6);
  for (ProblemHost& host : problem.hosts) host.price_per_hour = 3600;
  Query query;
  query.objective = ParseObjective("", "cost");
  query.constraints.push_back({{2}, UseRule{true}, "--cloud", "!-1"});
  EXPECT_EQ(BestText(problem, query), "a 0-0, b 1-1, c 2-5");  // all cost 6
  query.objective = ParseObjective("", "bytes");
  const auto plans = BestPlans(problem, query);
  EXPECT_EQ(plans[0].sent, Bytes{2});
}

TEST(Planner, WeighsMetrics) {
  Problem problem = MakeProblem(kDeviceAndCloud, MakeNetwork({{"pi", "gpu", 0.5, 1e4}}), 3000);
  problem.hosts[0].watts = 1;
  problem.hosts[1].watts = 100;  // 3 s and 3 J on the device, 1.1 s and 30 J in the cloud
  Query query;
  query.objective = ParseObjective("", "latency=1,energy=0.01");
  EXPECT_EQ(BestText(problem, query), "gpu 0-1");
  query.objective = ParseObjective("", "latency=1,energy=0.2");
  EXPECT_EQ(BestText(problem, query), "pi 0-1");
}

TEST(Planner, SendsTheOutputBackWhereItIsWanted) {
  Problem problem = Ring(3);
  problem.returns_output = true;
  Query query;
  query.constraints.push_back({{1}, UseRule{true}, "--edge", "!-1"});
  const auto plans = BestPlans(problem, query);
  EXPECT_EQ(Text(plans[0]), "a 0-0, b 1-1, c 2-2");  // b has no link back to a
  ASSERT_EQ(plans[0].hops.size(), 3u);
  EXPECT_EQ(plans[0].hops[2].to, "a");
  EXPECT_NEAR(plans[0].latency.count(), 3 + 0.75, 1e-6);
}

TEST(Planner, LetsAHostComeBackWhereItMay) {
  Problem problem =
      MakeProblem({MakeProfile("device", "a", {{0, 0, 0, 1}, {1, 1, 9, 1}, {2, 2, 0, 1}}),
                   MakeProfile("edge", "b", {{0, 0, 9, 1}, {1, 1, 0, 1}, {2, 2, 5, 1}})},
                  MakeNetwork({{"a", "b", 1, 1e9}, {"b", "a", 1, 1e9}}), 1);
  EXPECT_EQ(BestText(problem, {}), "a 0-0, b 1-2");
  problem.may_revisit = true;
  EXPECT_EQ(BestText(problem, {}), "a 0-0, b 1-1, a 2-2");
}

TEST(Planner, KeepsToTheMemoryOfAHost) {
  Problem problem = Ring(4);
  problem.hosts[0].weight_bytes = {{4}, {4}, {4}, {4}};
  problem.hosts[0].peak_bytes = {{1}, {1}, {2}, {1}};
  Query query;
  query.constraints.push_back(ParseMemoryLimit("--host-memory", {0}, "0.000009"));
  query.result_count = 100;
  const auto texts = Texts(BestPlans(problem, query));
  EXPECT_THAT(texts, Contains("a 0-1, b 2-3"));
  EXPECT_THAT(texts, Not(Contains("a 0-2, b 3-3")));
}

TEST(Planner, SaysWhatIsProvenWhenItIsStopped) {
  // As many stages as hosts, each host best at one block: the relaxed problem is of little help.
  Random random(5);
  std::vector<Profile> profiles;
  Network network;
  constexpr int kCount = 40;
  for (int host = 0; host < kCount; ++host) {
    std::vector<BlockSpec> blocks;
    for (int block = 0; block < kCount; ++block)
      blocks.push_back({block, block, random.Uniform(0.1, 9), 1});
    profiles.push_back(MakeProfile("device", fmt::format("h{:02}", host), blocks));
    for (int to = 0; to < kCount; ++to) {
      network.links[{fmt::format("h{:02}", host), fmt::format("h{:02}", to)}] = {Seconds(0), 1e9};
    }
  }
  const Problem problem = MakeProblem(profiles, network, 1);
  int questions = 0;
  const Plans plans = FindPlans(problem, {}, [&] { return ++questions > 200; });
  ASSERT_TRUE(plans.bound);
  ASSERT_FALSE(plans.plans.empty());
  EXPECT_GT(*plans.bound, 0);
  EXPECT_LE(*plans.bound, plans.plans[0].latency.count());
}

}  // namespace
}  // namespace scission
