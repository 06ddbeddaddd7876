#include "cluster/plan_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "cluster/testing/plan_run_fixture.h"

namespace scission {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::With;

using PlanRun = testing::PlanRunFixture;

TEST_F(PlanRun, WarmsUpAndMeasuresTheFirstPlan) {
  const RunReport report = Run();
  EXPECT_EQ(sent_, 13);
  EXPECT_EQ(report.requests, 10u);
  EXPECT_EQ(report.wrong, 0u);
  EXPECT_EQ(report.plan, "pi = 0 - 0, edge = 1 - 2");
  EXPECT_EQ(report.predicted, Milliseconds(10));
  EXPECT_EQ(report.total.median, Milliseconds(14));
  EXPECT_EQ(report.stages[1].compute.median, Milliseconds(3));
  EXPECT_NEAR(ToMilliseconds(report.hops[0].time.median), 8, 1e-9);
  EXPECT_NEAR(report.throughput.predicted, 250, 1e-9);
  EXPECT_GT(report.throughput.measured, 0);
  EXPECT_TRUE(report.losses.empty());
  EXPECT_TRUE(report.notes.empty());
  EXPECT_FALSE(report.predicted_now);
  EXPECT_TRUE(workers_.loaded.empty());
}

TEST_F(PlanRun, SendsAsManyRequestsAsTakeTheTimeThatItHas) {
  options_.duration = Seconds(0.3);
  before_ = [](int) { std::this_thread::sleep_for(std::chrono::milliseconds(5)); };
  EXPECT_THAT(Run().requests, AllOf(::testing::Gt(20u), ::testing::Le(60u)));
  options_.duration = Seconds(0.001);
  EXPECT_EQ(Run().requests, kLeastRequests);
}

TEST_F(PlanRun, AnOpenLoopThatGoesByTimeHasItsRateTimesIt) {
  options_.duration = Seconds(0.05);
  options_.load.rate = 1000;
  EXPECT_EQ(Run().requests, 50u);
}

TEST_F(PlanRun, AllClientsSendWhereTimeIsWhatCounts) {
  options_.duration = Seconds(0.2);
  options_.load.concurrency = 40;
  before_ = [](int) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); };
  EXPECT_GT(Run().requests, 40u);
}

TEST_F(PlanRun, OneRequestInTenIsComputedTwice) {
  options_.lone_requests = 2;
  options_.load.requests = 50;
  EXPECT_EQ(Run().requests, 50u);
  EXPECT_THAT(twice_, ::testing::ElementsAre(3, 14, 25, 36, 47));
}

TEST_F(PlanRun, MeasuresWhatStagesTakeAloneInBetween) {
  options_.lone_requests = 4;
  const RunReport report = Run();
  // Three of warming up; then 2, 3, 2 and 3 requests, each behind one that is computed twice.
  EXPECT_THAT(twice_, ::testing::ElementsAre(3, 6, 10, 13));
  EXPECT_EQ(sent_, 3 + 4 + 10);
  EXPECT_EQ(report.requests, 10u);
  EXPECT_EQ(report.stages[0].alone, Milliseconds(2.5));
  EXPECT_EQ(report.stages[1].alone, Milliseconds(1.5));
  EXPECT_NEAR(ToMilliseconds(*report.predicted_now), 10 - 6 + 4, 1e-9);
}

TEST_F(PlanRun, MeasuresWhatStagesTakeAloneBeforeAndBehindTheRequestsOfSeveralClients) {
  options_.lone_requests = 3;
  options_.load.concurrency = 2;
  EXPECT_EQ(Run().requests, 10u);
  EXPECT_THAT(twice_, ::testing::ElementsAre(4, 15, 16));
}

TEST_F(PlanRun, AFullQueueCostsALoneRequestAlone) {
  options_.lone_requests = 2;
  before_ = [&](int number) {
    if (number == 9) throw RequestError(FailureKind::kBusy, "edge", "edge: full");
  };
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 10u);
  EXPECT_TRUE(report.losses.empty());
  EXPECT_THAT(twice_, ::testing::ElementsAre(3));
}

TEST_F(PlanRun, CountsWrongAnswers) {
  value_ = 2;
  const RunReport report = Run();
  EXPECT_EQ(report.wrong, 10u);
  EXPECT_EQ(report.first_difference, "output 'relu3': element 0 is 2, not 1");
}

TEST_F(PlanRun, ChoosesTheFastestCodecOfEachHop) {
  options_.codecs = {Codec::kNone, Codec::kFp16};
  const RunReport report = Run();
  EXPECT_EQ(report.hops[0].codec, Codec::kFp16);
  EXPECT_TRUE(report.is_lossy);
  EXPECT_THAT(report.notes, ElementsAre("pi to edge: fp16 it is, of none 8.00 ms, fp16 6.00 ms"));
}

TEST_F(PlanRun, PacksAsThePlanHasIt) {
  plans_.plans[0].hops[0].codec = "fp16";
  EXPECT_EQ(Run().hops[0].codec, Codec::kFp16);
  options_.codecs = {Codec::kZstd};
  EXPECT_EQ(Run().hops[0].codec, Codec::kZstd);
}

TEST_F(PlanRun, ASourceThatRunsNothingPacksNothing) {
  plans_.plans = {With("edge")};
  plans_.plans[0].stages = {{"edge", "edge", 0, 2, Milliseconds(2)}};
  options_.codecs = {Codec::kNone, Codec::kFp16};
  const RunReport report = Run();
  EXPECT_EQ(report.hops[0].codec, Codec::kNone);
  EXPECT_FALSE(report.is_lossy);
  EXPECT_TRUE(report.notes.empty());
}

TEST_F(PlanRun, SaysWhichHostsAreOneMachine) {
  workers_.machines = {{"pi", "x"}, {"edge", "x"}};
  EXPECT_THAT(Run().notes, ElementsAre(HasSubstr("pi and edge are on one machine")));
}

TEST_F(PlanRun, InterruptedItTellsWhatItHas) {
  before_ = [&](int number) { interrupted_ = number >= 6; };
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 4u);
  EXPECT_TRUE(workers_.loaded.empty());
}

}  // namespace
}  // namespace scission
