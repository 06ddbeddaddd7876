#include "cluster/plan_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/error.h"
#include "cluster/testing/fake_workers.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Model ThreeLayers() {
  testing::OnnxBuilder builder;
  builder.Input("x", {1, 2}).Output("relu3");
  builder.Node("Relu", "relu", {"x"});
  builder.Node("Relu", "relu2", {"relu"});
  builder.Node("Relu", "relu3", {"relu2"});
  return builder.Make();
}

TensorMap Output(float value) {
  TensorValue tensor{{"relu3", ElementType::kFloat, {1}}, std::string(sizeof(float), '\0')};
  std::memcpy(tensor.data.data(), &value, sizeof(float));
  return {{"relu3", tensor}};
}

/// pi runs layer 0, `host` the others.
Plan With(const std::string& host) {
  Plan plan;
  plan.source = "pi";
  plan.latency = Milliseconds(10);
  plan.stages = {{"pi", "device", 0, 0, Milliseconds(4)}, {host, "edge", 1, 2, Milliseconds(2)}};
  plan.hops = {{"pi", host, Bytes{8}, Milliseconds(4)}};
  return plan;
}

/// A cluster of pi, edge, gpu and spare, where each stage answers at once.
class PlanRun : public ::testing::Test {
 protected:
  PlanRun() {
    for (const char* name : {"pi", "edge", "gpu", "spare"}) {
      hosts_.hosts.push_back({.name = name, .address = std::string(name) + ":1"});
    }
    options_.load.requests = 10;
    options_.patience = Seconds(2);
    options_.lone_requests = 0;
  }

  RunReport Run() {
    RunWorld world{hosts_, segments_, workers_, nullptr, nullptr, [this] { return interrupted_; }};
    world.say = [this](const std::string& line) { said_.push_back(line); };
    world.connect = [this](const PipelineStage&) {
      return [this](Computes computes) { return Answer(computes); };
    };
    return RunPlans(plans_, Output(1), options_, world);
  }

  /// What the stages that are loaded would tell.
  InferenceAnswer Answer(Computes computes) {
    const int number = sent_++;
    if (before_) before_(number);
    InferenceAnswer answer;
    answer.outputs = Output(value_);
    const double pack = workers_.loaded.at("m").next().codec() == "fp16" ? 1 : 3;
    answer.timings = {{.host = "pi",
                       .stage = "m",
                       .compute = Milliseconds(5),
                       .pack = Milliseconds(pack),
                       .next = Milliseconds(8),
                       .total = Milliseconds(14)},
                      {.host = workers_.loaded.at("m").next().host(),
                       .stage = "m.1",
                       .compute = Milliseconds(3),
                       .total = Milliseconds(4)}};
    if (computes == Computes::kTwice) {
      twice_.push_back(number);
      for (StageTiming& timing : answer.timings) timing.alone = timing.compute / 2;
    }
    return answer;
  }

  Hosts hosts_;
  const Model model_ = ThreeLayers();
  SegmentFolder segments_{model_};
  testing::FakeWorkers workers_;
  RunnablePlans plans_{"m", {With("edge"), With("gpu")}, nullptr};
  RunOptions options_;
  std::function<void(int)> before_;  ///< called with the number of each request sent
  std::atomic<int> sent_ = 0;
  std::vector<int> twice_;  ///< the numbers of those that were to be computed twice
  float value_ = 1;
  bool interrupted_ = false;
  std::vector<std::string> said_;
};

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

TEST_F(PlanRun, GoesOnByTimeWhereAHostFails) {
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

TEST_F(PlanRun, AHostThatFailsInALoneRequestIsDoneWithout) {
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

TEST_F(PlanRun, AFailureBehindTheRequestsThatCountIsNone) {
  options_.lone_requests = 2;
  options_.load.concurrency = 2;
  before_ = [&](int number) {
    if (number == 15) throw RequestError(FailureKind::kUnreachable, "edge", "edge: gone");
  };
  const RunReport report = Run();
  EXPECT_EQ(report.requests, 10u);
  EXPECT_TRUE(report.losses.empty());
}

TEST_F(PlanRun, CountsWrongAnswers) {
  value_ = 2;
  const RunReport report = Run();
  EXPECT_EQ(report.wrong, 10u);
  EXPECT_EQ(report.first_difference, "output 'relu3': element 0 is 2, not 1");
}

TEST_F(PlanRun, GoesOnWithTheNextPlanWhereAHostCannotBeReached) {
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

TEST_F(PlanRun, KeepsAnswersThatWereThereWhenAHostFails) {
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

TEST_F(PlanRun, AHostThatWasRestartedGetsItsStagesOnceMore) {
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

TEST_F(PlanRun, WaitsForAHostThatNoPlanCanDoWithout) {
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

TEST_F(PlanRun, PlansAnewWhereNoPlanOfTheFileWillDo) {
  workers_.broken = {"edge", "gpu"};
  plans_.plan_anew = [](const std::set<std::string>& without) -> std::optional<Plan> {
    EXPECT_THAT(without, ElementsAre("edge", "gpu"));
    return With("spare");
  };
  const RunReport report = Run();
  EXPECT_EQ(report.plan, "pi = 0 - 0, spare = 1 - 2");
  EXPECT_EQ(report.losses.size(), 2u);
}

TEST_F(PlanRun, SaysAllReasonsWhereNoPlanIsLeft) {
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

TEST_F(PlanRun, FindsWhoDoesNotAnswerWhereATimeoutTellsNobody) {
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

TEST_F(PlanRun, ATimeoutOfHostsThatAreWellIsAnErrorOfItsOwn) {
  before_ = [](int number) {
    if (number == 6) throw RequestError(FailureKind::kTimeout, "", "pi: Deadline Exceeded");
  };
  EXPECT_THROW(Run(), RequestError);
}

TEST_F(PlanRun, ARefusedRequestIsTheUsersFault) {
  before_ = [](int) { throw RequestError(FailureKind::kRefused, "pi", "pi: wrong shape"); };
  EXPECT_THROW(Run(), InputError);
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

TEST_F(PlanRun, AFailureThatNamesNoHostOfThePlanIsLookedInto) {
  before_ = [&](int number) {
    if (number != 6 && number != 7) return;
    workers_.broken = {"edge"};
    throw RequestError(FailureKind::kOther, "somebody", "somebody: is ill");
  };
  const RunReport report = Run();
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_EQ(report.losses[0].host, "edge");
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

TEST_F(PlanRun, ARequestWhoseProcessCrashedIsSentOnceMore) {
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

TEST_F(PlanRun, AHostWhoseProcessCrashesTwiceIsGivenUp) {
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

/// The edge is a server of another kind, which pi calls.
class HostedRun : public PlanRun {
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

TEST_F(PlanRun, PlansNeedAllTheirHosts) {
  const std::vector<Plan> plans = {With("edge"), With("moon"), With("gpu")};
  EXPECT_EQ(FirstWithout(plans, {}, hosts_), &plans[0]);
  EXPECT_EQ(FirstWithout(plans, {"edge"}, hosts_), &plans[2]);
  EXPECT_EQ(FirstWithout(plans, {"pi"}, hosts_), nullptr);
}

}  // namespace
}  // namespace scission
