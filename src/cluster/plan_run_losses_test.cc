// What a run does where a host or a request fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/error.h"
#include "cluster/testing/plan_run_fixture.h"

namespace scission {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::With;

class PlanRunLosses : public testing::PlanRunFixture {};

TEST_F(PlanRunLosses, GoesOnByTimeWhereAHostFails) {
  options_.duration = Seconds(0.02);
  before_ = [&](int number) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (number == 7) throw RequestError(FailureKind::kTimeout, "edge", "edge: no answer");
  };
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 4 + kLeastRequests);
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_EQ(report.losses[0].completed, 4u);
}

TEST_F(PlanRunLosses, AHostThatFailsInALoneRequestIsDoneWithout) {
  options_.lone_requests = 2;
  before_ = [&](int number) {
    if (number == 9) throw RequestError(FailureKind::kUnreachable, "edge", "edge: gone");
  };
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 10u);
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_EQ(report.losses[0].host, "edge");
  EXPECT_EQ(report.losses[0].completed, 5u);
}

TEST_F(PlanRunLosses, AFailureBehindTheRequestsThatCountIsNone) {
  options_.lone_requests = 2;
  options_.load.concurrency = 2;
  before_ = [&](int number) {
    if (number == 15) throw RequestError(FailureKind::kUnreachable, "edge", "edge: gone");
  };
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 10u);
  EXPECT_TRUE(report.losses.empty());
}

TEST_F(PlanRunLosses, GoesOnWithTheNextPlanWhereAHostCannotBeReached) {
  workers_.broken = {"edge"};
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 10u);
  EXPECT_EQ(report.plan, "pi = 0 - 0, gpu = 1 - 2");
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_EQ(report.losses[0].host, "edge");
  EXPECT_EQ(report.losses[0].reason, "edge: is broken");
  EXPECT_EQ(report.losses[0].completed, 0u);
  EXPECT_EQ(report.losses[0].consequence, "going on without edge: pi = 0 - 0, gpu = 1 - 2");
}

TEST_F(PlanRunLosses, KeepsAnswersThatWereThereWhenAHostFails) {
  before_ = [&](int number) {
    if (number != 7) return;  // the fifth behind three warm-ups
    workers_.broken = {"edge"};
    throw RequestError(FailureKind::kUnreachable, "edge", "edge: connection reset");
  };
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 10u);
  EXPECT_EQ(sent_, 3 + 4 + 1 + 3 + 6);
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_EQ(report.losses[0].completed, 4u);
  EXPECT_EQ(report.losses[0].reason, "edge: connection reset");
}

TEST_F(PlanRunLosses, AHostThatWasRestartedGetsItsStagesOnceMore) {
  before_ = [&](int number) {
    if (number == 5 || number == 15) {
      throw RequestError(FailureKind::kNotLoaded, "edge", "edge: there is no model m.1");
    }
  };
  options_.load.requests = 20;
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 20u);
  ASSERT_EQ(report.losses.size(), 2u);
  EXPECT_EQ(report.losses[0].consequence, "edge answers again, and gets its stages once more");
  EXPECT_EQ(report.losses[1].consequence, "going on without edge: pi = 0 - 0, gpu = 1 - 2");
  EXPECT_EQ(workers_.Count("edge: load m.1"), 2);
}

TEST_F(PlanRunLosses, WaitsForAHostThatNoPlanCanDoWithout) {
  plans_.plans = {With("edge")};
  int looks = 0;
  workers_.on_state = [&](const std::string&) {
    if (++looks == 6) workers_.broken.clear();
  };
  before_ = [&](int number) {
    if (number != 5) return;
    looks = 0;
    workers_.broken = {"edge"};
    throw RequestError(FailureKind::kUnreachable, "edge", "edge: connection reset");
  };
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 10u);
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_EQ(report.losses[0].consequence, "edge answers again, and gets its stages once more");
}

TEST_F(PlanRunLosses, PlansAnewWhereNoPlanOfTheFileWillDo) {
  workers_.broken = {"edge", "gpu"};
  plans_.plan_anew = [](const std::set<std::string>& without) -> std::optional<Plan> {
    EXPECT_THAT(without, ElementsAre("edge", "gpu"));
    return With("spare");
  };
  const RunReport report = Run();
  EXPECT_EQ(report.plan, "pi = 0 - 0, spare = 1 - 2");
  EXPECT_EQ(report.losses.size(), 2u);
}

TEST_F(PlanRunLosses, SaysAllReasonsWhereNoPlanIsLeft) {
  workers_.broken = {"edge", "gpu"};
  try {
    Run();
    FAIL() << "no plan is left";
  } catch (const NoPlanError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("without edge, gpu: edge: is broken; gpu: is broken"),
                                    HasSubstr("0 of 10 requests were answered")));
  }
  EXPECT_TRUE(workers_.loaded.empty());
}

TEST_F(PlanRunLosses, FindsWhoDoesNotAnswerWhereATimeoutTellsNobody) {
  before_ = [&](int number) {
    if (number != 6) return;
    workers_.broken = {"edge"};
    throw RequestError(FailureKind::kTimeout, "", "pi (pi:1): Deadline Exceeded");
  };
  const RunReport report = Run();
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_EQ(report.losses[0].host, "edge");
  EXPECT_EQ(report.losses[0].reason, "edge: is broken");
}

TEST_F(PlanRunLosses, ATimeoutOfHostsThatAreWellIsAnErrorOfItsOwn) {
  before_ = [](int number) {
    if (number == 6) throw RequestError(FailureKind::kTimeout, "", "pi: Deadline Exceeded");
  };
  EXPECT_THROW(Run(), RequestError);
}

TEST_F(PlanRunLosses, ARefusedRequestIsTheUsersFault) {
  before_ = [](int) { throw RequestError(FailureKind::kRefused, "pi", "pi: wrong shape"); };
  EXPECT_THROW(Run(), InputError);
}

TEST_F(PlanRunLosses, AFailureThatNamesNoHostOfThePlanIsLookedInto) {
  before_ = [&](int number) {
    if (number != 6 && number != 7) return;
    workers_.broken = {"edge"};
    throw RequestError(FailureKind::kOther, "somebody", "somebody: is ill");
  };
  const RunReport report = Run();
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_EQ(report.losses[0].host, "edge");
}

TEST_F(PlanRunLosses, ARequestWhoseProcessCrashedIsSentOnceMore) {
  before_ = [](int number) {
    if (number == 6) throw RequestError(FailureKind::kOther, "edge", "edge: was killed");
  };
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 10u);
  EXPECT_EQ(sent_, 14);
  EXPECT_TRUE(report.losses.empty());
  EXPECT_THAT(report.notes, ElementsAre("edge: was killed; 1 request was sent once more"));
  EXPECT_EQ(workers_.Count("edge: load m.1"), 1);
}

TEST_F(PlanRunLosses, AHostWhoseProcessCrashesTwiceIsGivenUp) {
  before_ = [this](int number) {
    if (number >= 6 && workers_.loaded.at("m").next().host() == "edge") {
      throw RequestError(FailureKind::kOther, "edge", "edge: was killed");
    }
  };
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 10u);
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_EQ(report.losses[0].reason, "edge: was killed");
  EXPECT_EQ(report.losses[0].completed, 3u);
  EXPECT_EQ(report.losses[0].consequence, "going on without edge: pi = 0 - 0, gpu = 1 - 2");
  EXPECT_EQ(workers_.Count("edge: load m.1"), 1);
}

TEST_F(PlanRunLosses, PlansNeedAllTheirHosts) {
  const std::vector<Plan> plans = {With("edge"), With("moon"), With("gpu")};
  EXPECT_EQ(FirstWithout(plans, {}, hosts_), &plans[0]);
  EXPECT_EQ(FirstWithout(plans, {"edge"}, hosts_), &plans[2]);
  EXPECT_EQ(FirstWithout(plans, {"pi"}, hosts_), nullptr);
}

}  // namespace
}  // namespace scission
