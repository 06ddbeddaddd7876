#include "plan/facts.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "plan/planner.h"
#include "plan/testing/profile_builder.h"

namespace scission {
namespace {

using testing::MakeNetwork;
using testing::MakeProblem;
using testing::MakeProfile;

using ::testing::ElementsAre;

Problem FourBlocks() {
  return MakeProblem(
      {MakeProfile("device", "a", {{0, 0, 1, 8}, {1, 2, 1, 8}, {3, 3, 1, 8}, {4, 4, 1, 8}}),
       MakeProfile("edge", "b", {{0, 0, 1, 8}, {1, 2, 1, 8}, {3, 3, 1, 8}, {4, 4, 1, 8}})},
      MakeNetwork({{"a", "b", 0, 1}, {"b", "a", 0, 1}}), 8);
}

Hosts Hosting(int first_layer, int last_layer) {
  HostFacts host;
  host.name = "b";
  host.hosted = HostedSegment{"m", first_layer, last_layer};
  Hosts hosts;
  hosts.file = "hosts.toml";
  hosts.hosts = {host};
  return hosts;
}

/// What the host b runs in all plans, "1-3".
std::set<std::string> SegmentsOfB(const Hosts& hosts) {
  Problem problem = FourBlocks();
  problem.may_revisit = true;
  Query query{.result_count = 1000, .constraints = HostedLimits(hosts, problem)};
  std::set<std::string> segments;
  for (const Plan& plan : BestPlans(problem, query)) {
    for (const Stage& stage : plan.stages) {
      if (stage.host == "b") {
        segments.insert(fmt::format("{}-{}", stage.first_layer, stage.last_layer));
      }
    }
  }
  return segments;
}

TEST(HostedLimits, LetAServerRunItsSegmentOrNothing) {
  EXPECT_THAT(SegmentsOfB(Hosting(1, 3)), ElementsAre("1-3"));
  EXPECT_THAT(SegmentsOfB(Hosting(0, 2)), ElementsAre("0-2"));
  EXPECT_THAT(SegmentsOfB(Hosting(3, 4)), ElementsAre("3-4"));
  EXPECT_THAT(SegmentsOfB(Hosting(0, 4)), ElementsAre("0-4"));
  EXPECT_EQ(SegmentsOfB({}).size(), 10u);
}

TEST(HostedLimits, LeaveOutASegmentThatTheModelCannotHave) {
  EXPECT_THAT(SegmentsOfB(Hosting(2, 3)), ElementsAre());  // no cut behind layer 1
  EXPECT_THAT(SegmentsOfB(Hosting(1, 1)), ElementsAre());
  EXPECT_THAT(SegmentsOfB(Hosting(0, 52)), ElementsAre());
}

TEST(HostedLimits, NameTheFile) {
  const auto limits = HostedLimits(Hosting(1, 3), FourBlocks());
  ASSERT_EQ(limits.size(), 1u);
  EXPECT_THAT(limits[0].hosts, ElementsAre(1));
  EXPECT_EQ(limits[0].option, "layers of b in hosts.toml");
  EXPECT_EQ(limits[0].value, "1-3");
}

}  // namespace
}  // namespace scission
