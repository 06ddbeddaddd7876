#include "plan/replies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  EXPECT_EQ(plans[0].sent, Bytes{3000});
  ASSERT_EQ(plans[1].stages.size(), 2u);  // split
  EXPECT_DOUBLE_EQ(plans[1].latency.count(), 1 + 0.2 + 0.5 + 0.1 + 0.25 + 0.1);
  EXPECT_DOUBLE_EQ(plans[2].latency.count(), 3);  // all on pi
  EXPECT_TRUE(plans[2].hops.empty());
}

TEST(Replies, ReturnAlongTheChain) {
  Problem problem =
      MakeProblem({MakeProfile("device", "a", {{0, 0, 1, 8}, {1, 1, 99, 8}, {2, 2, 99, 4}}),
                   MakeProfile("edge", "b", {{0, 0, 99, 8}, {1, 1, 1, 8}, {2, 2, 99, 4}}),
                   MakeProfile("cloud", "c", {{0, 0, 99, 8}, {1, 1, 99, 8}, {2, 2, 1, 4}})},
                  MakeNetwork({{"a", "b", 0.1, 8},
                               {"b", "a", 0.2, 4},
                               {"b", "c", 0.4, 16},
                               {"c", "b", 0.8, 2},
                               {"c", "a", 0, 1e9}}),
                  100);
  EXPECT_THAT(CountReplies(problem), ElementsAre(Pair(2, 0)));
  const Plan best = BestPlans(problem, {}).at(0);
  ASSERT_EQ(best.hops.size(), 2u);
  EXPECT_DOUBLE_EQ(best.hops[0].time.count(), 0.1 + 1 + 0.2 + 1);
  EXPECT_DOUBLE_EQ(best.hops[1].time.count(), 0.4 + 0.5 + 0.8 + 2);
  EXPECT_DOUBLE_EQ(best.latency.count(), 3 + 2.3 + 3.7);
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
  ASSERT_EQ(sensitivities.size(), 2u);
  const Sensitivity& latency = sensitivities[0];
  EXPECT_DOUBLE_EQ(latency.value, 0.5);
  EXPECT_FALSE(latency.below);
  ASSERT_TRUE(latency.above);  // all on pi takes 3 s, 1.55 s more than all on gpu
  EXPECT_NEAR(latency.above->value, 0.5 + 1.55, 1e-9);
  const Sensitivity& bandwidth = sensitivities[1];
  EXPECT_DOUBLE_EQ(bandwidth.value, 1e4);
  ASSERT_TRUE(bandwidth.below);  // 0.3 + 3000 / x = 1.2 + 1000 / x
  EXPECT_NEAR(bandwidth.below->value, 2000 / 0.9, 1e-6);
}

}  // namespace
}  // namespace scission
