// Plans that run on servers of another kind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "base/error.h"
#include "cluster/testing/plan_run_fixture.h"

namespace scission {
namespace {

using testing::With;

/// The edge is a server of another kind, which pi calls.
class HostedRun : public testing::PlanRunFixture {
 protected:
  HostedRun() {
    for (HostFacts& host : hosts_.hosts) {
      if (host.name == "edge") host.hosted = HostedSegment{"theirs", 1, 2};
    }
  }
};

TEST_F(HostedRun, NothingIsPackedForAServerOfAnotherKind) {
  plans_.plans[0].hops[0].codec = "fp16";
  const RunReport planned = Run();
  EXPECT_EQ(planned.hops[0].codec, Codec::kNone);
  EXPECT_FALSE(planned.is_lossy);
  options_.codecs = {Codec::kFp16};
  EXPECT_EQ(Run().hops[0].codec, Codec::kNone);
  options_.codecs = {Codec::kNone, Codec::kFp16};
  const RunReport chosen = Run();
  EXPECT_EQ(chosen.hops[0].codec, Codec::kNone);
  EXPECT_TRUE(chosen.notes.empty());
}

TEST_F(HostedRun, AServerThatFailsIsNamedAndDoneWithout) {
  before_ = [](int number) {
    if (number == 6) throw RequestError(FailureKind::kUnreachable, "edge", "edge: no route");
  };
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 10u);
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_EQ(report.losses[0].host, "edge");
  EXPECT_EQ(report.losses[0].consequence, "going on without edge: pi = 0 - 0, gpu = 1 - 2");
}

TEST_F(HostedRun, WhereAllWorkersAnswerATimeoutIsTheServers) {
  before_ = [](int number) {
    if (number == 6) throw RequestError(FailureKind::kTimeout, "", "pi: Deadline Exceeded");
  };
  const RunReport report = Run();
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_EQ(report.losses[0].host, "edge");
  EXPECT_EQ(report.losses[0].reason,
            "pi: Deadline Exceeded; all workers of the plan answer, so it is edge");
}

TEST_F(HostedRun, AServerThatNoPlanCanDoWithoutIsNotWaitedFor) {
  plans_.plans = {With("edge")};
  before_ = [](int number) {
    if (number == 6) throw RequestError(FailureKind::kUnreachable, "edge", "edge: no route");
  };
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(Run(), NoPlanError);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, options_.patience);
}

}  // namespace
}  // namespace scission
