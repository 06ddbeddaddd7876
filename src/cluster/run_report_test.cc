#include "cluster/run_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace scission {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

StageTiming Timing(const std::string& stage, double queue, double unpack, double compute,
                   double pack, double next, double total) {
  return {.host = "h",
          .stage = stage,
          .queue = Milliseconds(queue),
          .unpack = Milliseconds(unpack),
          .compute = Milliseconds(compute),
          .pack = Milliseconds(pack),
          .next = Milliseconds(next),
          .total = Milliseconds(total)};
}

/// Three stages: 16 + 8 + 4 ms of computing.
std::vector<StageTiming> ThreeStages() {
  return {Timing("m", 1, 2, 16, 4, 64, 88), Timing("m.1", 2, 1, 8, 1, 32, 45),
          Timing("m.2", 4, 2, 4, 1, 0, 12)};
}

Seconds Sum(const std::vector<Seconds>& times) {
  return std::accumulate(times.begin(), times.end(), Seconds(0));
}

TEST(RunReport, ARequestsPartsAddUpToItsTotal) {
  const RequestParts parts = PartsOf(ThreeStages(), Milliseconds(88));
  EXPECT_THAT(parts.compute, ElementsAre(Milliseconds(16), Milliseconds(8), Milliseconds(4)));
  EXPECT_THAT(parts.queue, ElementsAre(Milliseconds(1), Milliseconds(2), Milliseconds(4)));
  // 4 of packing + 64 - (2 + 8 + 1 + 32) behind it; 1 + 32 - (4 + 4).
  ASSERT_EQ(parts.hops.size(), 2u);
  EXPECT_NEAR(ToMilliseconds(parts.hops[0]), 25, 1e-9);
  EXPECT_NEAR(ToMilliseconds(parts.hops[1]), 25, 1e-9);
  EXPECT_NEAR(ToMilliseconds(parts.entry), 88 - 1 - 16 - 4 - 64, 1e-9);
  EXPECT_NEAR((Sum(parts.compute) + Sum(parts.queue) + Sum(parts.hops) + parts.entry).count(),
              parts.total.count(), 1e-12);
  const RequestParts seen = PartsOf(ThreeStages(), Milliseconds(90));
  EXPECT_NEAR(ToMilliseconds(seen.entry - parts.entry), 2, 1e-9);
  EXPECT_EQ(seen.total, Milliseconds(90));
}

TEST(RunReport, BringsTimingsIntoTheOrderOfTheStages) {
  const StageTiming first{.host = "a", .stage = "m"};
  const StageTiming second{.host = "b", .stage = "m.1"};
  const auto ordered = InOrder({second, first}, {"m", "m.1"});
  ASSERT_EQ(ordered.size(), 2u);
  EXPECT_EQ(ordered[0].host, "a");
  EXPECT_EQ(ordered[1].host, "b");
  EXPECT_TRUE(InOrder({first}, {"m", "m.1"}).empty());
  EXPECT_TRUE(InOrder({first, first}, {"m", "m.1"}).empty());
  EXPECT_TRUE(InOrder({first, second, second}, {"m", "m.1"}).empty());
}

TEST(RunReport, OfOneStageAllButComputingAndWaitingIsTheEntrys) {
  const RequestParts parts = PartsOf({Timing("m", 1, 2, 16, 3, 0, 24)}, Milliseconds(24));
  EXPECT_TRUE(parts.hops.empty());
  EXPECT_NEAR(ToMilliseconds(parts.entry), 7, 1e-9);
}

TEST(RunReport, SpreadsAreQuantiles) {
  std::vector<Seconds> times;
  for (int i = 100; i >= 0; --i) times.emplace_back(i);
  const Spread spread = SpreadOf(times);
  EXPECT_EQ(spread.median, Seconds(50));
  EXPECT_EQ(spread.p90, Seconds(90));
  EXPECT_EQ(spread.p99, Seconds(99));
}

/// Layers 0-4 on pi, 5-9 on gpu.
Plan TwoHosts() {
  Plan plan;
  plan.source = "pi";
  plan.stages.resize(2);
  plan.stages[0] = {"pi", "device", 0, 4, Milliseconds(10)};
  plan.stages[1] = {"gpu", "cloud", 5, 9, Milliseconds(2)};
  plan.hops = {{"pi", "gpu", Bytes{1000}, Milliseconds(5)}};
  plan.latency = Milliseconds(17);
  return plan;
}

Hosts BothHosts() {
  Hosts hosts;
  hosts.hosts = {{.name = "pi", .address = "a:1"}, {.name = "gpu", .address = "b:1"}};
  return hosts;
}

RequestRecord Record(std::size_t number, double compute, double wall) {
  RequestRecord record;
  record.number = number;
  record.wall = Milliseconds(wall);
  record.timings = {Timing("m", 0, 0, compute, 0, 8, compute + 8), Timing("m.1", 0, 0, 3, 0, 0, 4)};
  record.timings[0].sent = Bytes{500};
  record.timings[0].replied = Bytes{40};
  return record;
}

TEST(RunReport, PutsPredictedBesideMeasured) {
  Plan plan = TwoHosts();
  const Pipeline pipeline = MakePipeline("m", plan, BothHosts());
  std::vector<RequestRecord> records = {Record(0, 30, 50), Record(1, 11, 21), Record(2, 9, 20)};
  records[1].wrong = "element 3 is 1, not 2";
  records[1].deviation = 0.25;
  records.push_back({.number = 3, .wall = Milliseconds(20)});  // a stage told nothing
  const RunReport report = Summarize(plan, pipeline, {Codec::kFp16}, records, false);
  ASSERT_EQ(report.stages.size(), 2u);
  EXPECT_EQ(report.stages[0].predicted, Milliseconds(10));
  EXPECT_EQ(report.stages[0].compute.median, Milliseconds(11));
  EXPECT_EQ(report.stages[1].compute.median, Milliseconds(3));
  ASSERT_EQ(report.hops.size(), 1u);
  EXPECT_EQ(report.hops[0].predicted, Milliseconds(5));
  EXPECT_NEAR(ToMilliseconds(report.hops[0].time.median), 5, 1e-9);
  EXPECT_EQ(report.hops[0].codec, Codec::kFp16);
  EXPECT_EQ(report.hops[0].planned, Bytes{1000});
  EXPECT_FALSE(report.hops[0].planned_reply);
  EXPECT_EQ(report.hops[0].sent, Bytes{500});
  EXPECT_EQ(report.hops[0].reply, Bytes{40});
  EXPECT_EQ(report.predicted, Milliseconds(17));
  EXPECT_EQ(report.total.median, Milliseconds(19));
  EXPECT_NEAR(ToMilliseconds(report.wall.median), 20.5, 1e-9);
  EXPECT_EQ(report.typical[0].compute, Milliseconds(11));
  EXPECT_EQ(report.wrong, 1u);
  EXPECT_EQ(report.first_difference, "element 3 is 1, not 2");
  EXPECT_EQ(report.deviation, 0.25);
  plan.hops[0].reply = Bytes{32};
  EXPECT_EQ(Summarize(plan, pipeline, {Codec::kFp16}, records, false).hops[0].planned_reply,
            Bytes{32});
}

TEST(RunReport, EndToEndIsWhatACallerAtTheSourceSees) {
  Plan plan = TwoHosts();
  plan.entry = Milliseconds(2);
  plan.latency += plan.entry;
  const Pipeline pipeline = MakePipeline("m", plan, BothHosts());
  const auto summarize = [&](bool is_caller_at_source) {
    return Summarize(plan, pipeline, {Codec::kNone}, {Record(0, 11, 22)}, is_caller_at_source);
  };
  const RunReport near = summarize(true);
  EXPECT_TRUE(near.is_from_caller);
  EXPECT_NEAR(ToMilliseconds(near.predicted), 19, 1e-9);
  EXPECT_EQ(near.predicted_entry, Milliseconds(2));
  EXPECT_EQ(near.total.median, Milliseconds(22));
  EXPECT_NEAR(ToMilliseconds(near.entry.median), 3, 1e-9);
  const RunReport far = summarize(false);
  EXPECT_FALSE(far.is_from_caller || far.predicted_entry);
  EXPECT_NEAR(ToMilliseconds(far.predicted), 17, 1e-9);
  EXPECT_EQ(far.total.median, Milliseconds(19));
  plan.latency -= plan.entry;
  plan.entry = Seconds(0);  // not known
  EXPECT_FALSE(summarize(true).is_from_caller);
  EXPECT_EQ(summarize(true).total.median, Milliseconds(19));
}

TEST(RunReport, TellsWhatStagesTakeAloneFromWhatThePipelineMakesOfIt) {
  Plan plan = TwoHosts();
  plan.stages[0].startup = Milliseconds(1);  // of its 10
  const Pipeline pipeline = MakePipeline("m", plan, BothHosts());
  RunReport report = Summarize(plan, pipeline, {Codec::kNone}, {Record(0, 15, 30)}, false);
  AddAlone({Record(0, 15, 30)}, report);  // of a worker that does not know of it
  EXPECT_FALSE(report.stages[0].alone || report.predicted_now);
  std::vector<RequestRecord> twice(3, Record(0, 15, 30));
  const double alone[] = {12, 13, 20};
  for (std::size_t i = 0; i < 3; ++i) {
    twice[i].timings[0].alone = Milliseconds(alone[i]);
    twice[i].timings[1].alone = Milliseconds(2);
  }
  AddAlone(twice, report);
  EXPECT_EQ(report.stages[0].alone, Milliseconds(13));
  EXPECT_EQ(report.stages[1].alone, Milliseconds(2));
  EXPECT_NEAR(ToMilliseconds(*report.predicted_now), 17 + 15 - 11, 1e-9);
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_THAT(report.notes[0], HasSubstr("take 15.00 ms now and not 11.00"));
}

TEST(RunReport, SaysNothingWhereStagesTakeWhatWasPredicted) {
  const Plan plan = TwoHosts();
  RunReport report = Summarize(plan, MakePipeline("m", plan, BothHosts()), {Codec::kNone},
                               {Record(0, 15, 30)}, false);
  RequestRecord twice = Record(0, 15, 30);
  twice.timings[0].alone = Milliseconds(10.2);
  twice.timings[1].alone = Milliseconds(2.1);
  AddAlone({twice}, report);
  EXPECT_TRUE(report.predicted_now);
  EXPECT_TRUE(report.notes.empty());
}

TEST(RunReport, AnotherCodecMustSaveMoreThanNoise) {
  const auto chosen = FastestCodecs({Codec::kNone, Codec::kZstd, Codec::kFp16},
                                    {{Seconds(10), Seconds(10), Seconds(10)},
                                     {Seconds(9.8), Seconds(5), Seconds(11)},
                                     {Seconds(9.6), Seconds(4.9), Seconds(12)}});
  EXPECT_THAT(chosen, ElementsAre(Codec::kFp16, Codec::kZstd, Codec::kNone));
}

}  // namespace
}  // namespace scission
