#include "plan/replies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/conflict.h"
#include "plan/planner.h"
#include "plan/sensitivity.h"
#include "plan/testing/profile_builder.h"

namespace scission {
namespace {

using testing::MakeNetwork;
using testing::MakeProblem;
using testing::MakeProfile;

using ::testing::ElementsAre;
using ::testing::Pair;

/// The model's output has 10 bytes.
const std::vector<Profile> kDeviceAndCloud = {
    MakeProfile("device", "pi", {{0, 0, 1, 1000}, {1, 1, 2, 10}}),
    MakeProfile("cloud", "gpu", {{0, 0, 0.1, 1000}, {1, 1, 0.2, 10}})};

/// An empty message and its answer need 0.5 + (0.25 + 10 / 100) s.
const Network kBothWays = MakeNetwork({{"pi", "gpu", 0.5, 1e4}, {"gpu", "pi", 0.25, 100}});

TEST(Replies, AddTheWayBackOfTheOutputToEachHop) {
  Problem problem = MakeProblem(kDeviceAndCloud, kBothWays, 3000);
  EXPECT_THAT(CountReplies(problem), ElementsAre());
  const auto plans = BestPlans(problem, {});
  ASSERT_EQ(plans.size(), 4u);
  ASSERT_EQ(plans[0].hops.size(), 1u);  // all on gpu
  EXPECT_EQ(plans[0].hops[0].bytes, Bytes{3000});
  EXPECT_DOUBLE_EQ(plans[0].hops[0].time.count(), 0.5 + 0.3 + 0.25 + 0.1);
  EXPECT_DOUBLE_EQ(plans[0].latency.count(), 0.3 + 1.15);
  EXPECT_EQ(plans[0].hops[0].reply, Bytes{10});
  EXPECT_EQ(plans[0].sent, Bytes{3010});
  ASSERT_EQ(plans[1].stages.size(), 2u);  // split
  EXPECT_DOUBLE_EQ(plans[1].latency.count(), 1 + 0.2 + 0.5 + 0.1 + 0.25 + 0.1);
  EXPECT_DOUBLE_EQ(plans[2].latency.count(), 3);  // all on pi
  EXPECT_TRUE(plans[2].hops.empty());
}

/// The answer has 4 bytes.
Problem Chain() {
  return MakeProblem({MakeProfile("device", "a", {{0, 0, 1, 8}, {1, 1, 99, 8}, {2, 2, 99, 4}}),
                      MakeProfile("edge", "b", {{0, 0, 99, 8}, {1, 1, 1, 8}, {2, 2, 99, 4}}),
                      MakeProfile("cloud", "c", {{0, 0, 99, 8}, {1, 1, 99, 8}, {2, 2, 1, 4}})},
                     MakeNetwork({{"a", "b", 0.1, 8},
                                  {"b", "a", 0.2, 4},
                                  {"b", "c", 0.4, 16},
                                  {"c", "b", 0.8, 2},
                                  {"c", "a", 0, 1e9}}),
                     100);
}

TEST(Replies, ReturnAlongTheChain) {
  Problem problem = Chain();
  EXPECT_THAT(CountReplies(problem), ElementsAre(Pair(2, 0)));
  const Plan best = BestPlans(problem, {}).at(0);
  ASSERT_EQ(best.hops.size(), 2u);
  EXPECT_DOUBLE_EQ(best.hops[0].time.count(), 0.1 + 1 + 0.2 + 1);
  EXPECT_DOUBLE_EQ(best.hops[1].time.count(), 0.4 + 0.5 + 0.8 + 2);
  EXPECT_DOUBLE_EQ(best.latency.count(), 3 + 2.3 + 3.7);
  EXPECT_EQ(best.sent, Bytes{8 + 4 + 8 + 4});
}

/// A beginning that the answer takes beyond the limit must not hide a slower one that keeps to it.
TEST(Replies, KeepThePlanThatStaysBelowAnUploadLimit) {
  const auto blocks = [](const std::vector<double>& seconds) {
    std::vector<testing::BlockSpec> specs;
    for (int i = 0; i < 5; ++i) specs.push_back({i, i, seconds[static_cast<std::size_t>(i)], 4});
    specs[1].output_bytes = 8;
    specs[2].output_bytes = 6;
    return specs;
  };
  Network network;
  for (const char* from : {"a", "b", "c", "d"}) {
    for (const char* to : {"a", "b", "c", "d"}) network.links[{from, to}] = {Seconds(0), 1e9};
  }
  Problem problem = MakeProblem({MakeProfile("device", "a", blocks({1, 99, 99, 99, 99})),
                                 MakeProfile("edge", "b", blocks({99, 1, 2, 99, 99})),
                                 MakeProfile("fog", "c", blocks({99, 99, 1, 1, 99})),
                                 MakeProfile("cloud", "d", blocks({99, 99, 99, 99, 1}))},
                                network, 100);
  CountReplies(problem);
  Query query{.result_count = 1};
  EXPECT_EQ(BestPlans(problem, query).at(0).stages.at(1).last_layer, 1);
  const int b = problem.FindHost("b");
  query.constraints = {{{b}, UploadLimit{Bytes{11}}, "", ""}};  // of 8 + 4 and 6 + 4 bytes
  EXPECT_EQ(BestPlans(problem, query).at(0).stages.at(1).last_layer, 2);
}

TEST(Replies, TakeTheEnergyAndThePriceOfTheLinkThatTheyReturnOn) {
  Problem problem = MakeProblem(kDeviceAndCloud, kBothWays, 3000);
  problem.link_facts = {{}, {1, 2}, {10, 20}, {}};
  CountReplies(problem);
  const Plan best = BestPlans(problem, {}).at(0);
  EXPECT_DOUBLE_EQ(best.joules, 3000 * 1 + 10 * 10);
  EXPECT_DOUBLE_EQ(best.price, 3000 * 2 + 10 * 20);
}

/// Whether a plan runs something on all three hosts of the chain.
bool UsesAllThree(const Constraint& limit) {
  Problem problem = Chain();
  CountReplies(problem);
  Query query;
  query.constraints = {limit};
  return BestPlans(problem, query).at(0).stages.size() == 3;
}

TEST(Replies, AreAmongWhatTheHostThatGivesThemSends) {
  const auto upload = [](int host, double bytes) {
    return Constraint{{host}, UploadLimit{Bytes{bytes}}, "", ""};
  };
  EXPECT_TRUE(UsesAllThree(upload(0, 8)));
  EXPECT_TRUE(UsesAllThree(upload(1, 12)));
  EXPECT_FALSE(UsesAllThree(upload(1, 11)));
  EXPECT_TRUE(UsesAllThree(upload(2, 4)));
  EXPECT_FALSE(UsesAllThree(upload(2, 3)));
  const auto whole = [](double bytes) {
    return Constraint{{}, ObjectiveLimit{ParseObjective("", "bytes"), bytes}, "", ""};
  };
  EXPECT_TRUE(UsesAllThree(whole(24)));
  EXPECT_FALSE(UsesAllThree(whole(23)));
}

TEST(Replies, CannotUseALinkThatHasNoWayBack) {
  Problem problem = MakeProblem(kDeviceAndCloud, MakeNetwork({{"pi", "gpu", 0, 1e9}}), 3000);
  EXPECT_THAT(CountReplies(problem), ElementsAre(Pair(0, 1)));
  const auto plans = BestPlans(problem, {});
  ASSERT_EQ(plans.size(), 1u);
  EXPECT_EQ(plans[0].stages.at(0).host, "pi");
}

TEST(Replies, LeaveTheFiguresOfALinkInOneDirectionAsTheyAre) {
  Problem problem = MakeProblem(kDeviceAndCloud, kBothWays, 3000);
  CountReplies(problem);
  const auto sensitivities = FindSensitivities(problem, {}, 0);
  ASSERT_EQ(sensitivities.size(), 4u);
  const Sensitivity& latency = sensitivities[0];
  EXPECT_DOUBLE_EQ(latency.value, 0.5);
  EXPECT_FALSE(latency.below);
  ASSERT_TRUE(latency.above);  // all on pi takes 3 s, 1.55 s more than all on gpu
  EXPECT_NEAR(latency.above->value, 0.5 + 1.55, 1e-9);
  const Sensitivity& bandwidth = sensitivities[1];
  EXPECT_DOUBLE_EQ(bandwidth.value, 1e4);
  ASSERT_TRUE(bandwidth.below);  // 0.3 + 3000 / x = 1.2 + 1000 / x
  EXPECT_NEAR(bandwidth.below->value, 2000 / 0.9, 1e-6);
  EXPECT_EQ(sensitivities[2].from, "gpu");  // on which the answer returns
  EXPECT_DOUBLE_EQ(sensitivities[2].value, 0.25);
  ASSERT_TRUE(sensitivities[2].above);
  EXPECT_NEAR(sensitivities[2].above->value, 0.25 + 1.55, 1e-9);
  EXPECT_DOUBLE_EQ(sensitivities[3].value, 100);
  ASSERT_TRUE(sensitivities[3].below);
  EXPECT_NEAR(sensitivities[3].below->value, 10 / (0.1 + 1.55), 1e-9);
}

TEST(Replies, NeedLinksThatNoPlanWithoutThemNeeds) {
  Problem problem = MakeProblem(kDeviceAndCloud, MakeNetwork({{"pi", "gpu", 0, 1e9}}), 3000);
  CountReplies(problem);
  Query query;
  query.constraints = {{{1}, UseRule{true}, "--cloud", "!-1"}};
  EXPECT_EQ(
      ExplainNoPlan(problem, query, "n.csv", nullptr),
      "no plan meets the constraints, but one would without --cloud !-1 (3.0000 s), or with a "
      "link from gpu to pi, which n.csv does not have");
}

}  // namespace
}  // namespace scission
