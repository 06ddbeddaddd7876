#include "report/plan_explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scission {
namespace {

Plan OneHost(const std::string& tier, const std::string& host, double seconds) {
  Plan plan;
  plan.source = host;
  plan.stages = {{host, tier, 0, 9, Seconds(seconds), SegmentOrigin::kMeasured}};
  plan.compute = plan.latency = Seconds(seconds);
  return plan;
}

/// Device "pi" runs nothing and sends the input to the edge.
Plan EdgeAndCloud() {
  Plan plan;
  plan.source = "pi";
  plan.stages = {{"vm", "edge", 0, 3, Seconds(0.5), SegmentOrigin::kBlockSum},
                 {"gpu", "cloud", 4, 9, Seconds(0.25), SegmentOrigin::kFitted, Seconds(0.001)}};
  plan.hops = {{"pi", "vm", Bytes{150000}, Seconds(1)}, {"vm", "gpu", Bytes{2e6}, Seconds(0.25)}};
  plan.compute = Seconds(0.75);
  plan.transfer = Seconds(1.25);
  plan.latency = Seconds(2);
  plan.period = Seconds(1);
  return plan;
}

std::string Explain(const std::vector<Plan>& plans, const std::optional<Plan>& unsplit,
                    const Objective& objective = {}) {
  Prediction prediction;
  prediction.objective = objective;
  prediction.plans = plans;
  if (plans.size() > 1) prediction.second = plans[1];
  prediction.unsplit = unsplit;
  return ExplainPlans(prediction);
}

TEST(ExplainPlans, ShowsEveryStepAndTheMargins) {
  Plan second = EdgeAndCloud();
  second.latency = Seconds(2.5);
  EXPECT_EQ(Explain({EdgeAndCloud(), second}, OneHost("device", "pi", 3)),
            "The best plan: 2.0000 s = 0.7500 s of computing + 1.2500 s of sending\n"
            "  pi -> vm                1.0000 s  0.1500 MB, the input\n"
            "  Edge(vm) = 0 - 3        0.5000 s  sum of its blocks\n"
            "  vm -> gpu               0.2500 s  2.0000 MB\n"
            "  Cloud(gpu) = 4 - 9      0.2500 s  fitted to other ranges, +- 0.4 %\n"
            "A stream of inputs: 1.00 /s\n"
            "Without a split: 3.0000 s, Device(pi) = 0 - 9 (1.0000 s more, 50.0 %)\n"
            "Second best: 2.5000 s (0.5000 s more, 25.0 %)\n");
}

TEST(ExplainPlans, SaysWhatHandingOverTheInputTakes) {
  Plan plan = EdgeAndCloud();
  plan.entry = Seconds(0.5);
  plan.latency += plan.entry;
  EXPECT_THAT(
      Explain({plan}, std::nullopt),
      ::testing::StartsWith(
          "The best plan: 2.5000 s = 0.7500 s of computing + 1.2500 s of sending + 0.5000 s of "
          "taking the input\n"
          "  pi takes the input      0.5000 s  as a program there hands it over\n"
          "  pi -> vm                1.0000 s"));
}

TEST(ExplainPlans, NamesHostsWhosePaceVaried) {
  Plan plan = EdgeAndCloud();
  plan.stages[0].pace_deviation = 0.01;
  EXPECT_THAT(Explain({plan}, std::nullopt), ::testing::Not(::testing::HasSubstr("Pace")));
  plan.stages[1].pace_deviation = 0.142;
  EXPECT_THAT(Explain({plan}, std::nullopt),
              ::testing::HasSubstr(
                  "\nPace while it was measured: gpu +- 14 %; a run may differ as much\n"));
}

TEST(ExplainPlans, NamesTheCodecsOfHops) {
  Plan plan = EdgeAndCloud();
  plan.hops[1].codec = "fp16";
  EXPECT_NE(Explain({plan}, std::nullopt).find("2.0000 MB, packed by fp16\n"), std::string::npos);
}

TEST(ExplainPlans, SaysWhatHopsCarryBack) {
  Plan plan = EdgeAndCloud();
  for (Hop& hop : plan.hops) hop.reply = Bytes{4000};
  const std::string text = Explain({plan}, std::nullopt);
  EXPECT_NE(text.find("  0.1500 MB, the input, and 0.0040 MB back\n"), std::string::npos);
  EXPECT_NE(text.find("  2.0000 MB, and 0.0040 MB back\n"), std::string::npos);
}

TEST(ExplainPlans, SaysWhereThereIsNothingToCompareWith) {
  const std::string text = Explain({OneHost("device", "pi", 3)}, OneHost("device", "pi", 3));
  EXPECT_NE(text.find("The best plan needs no split.\nSecond best: there is no other plan.\n"),
            std::string::npos);
  EXPECT_NE(Explain({EdgeAndCloud()}, std::nullopt)
                .find("Without a split: no plan meets the constraints.\n"),
            std::string::npos);
}

TEST(ExplainPlans, ComparesByTheObjective) {
  Plan second = EdgeAndCloud();
  second.joules = 5;
  second.period = Seconds(4);
  Plan best = EdgeAndCloud();
  best.joules = 4;
  const std::string energy = Explain({best, second}, second, ParseObjective("", "energy"));
  EXPECT_NE(energy.find("A stream of inputs: 1.00 /s, energy: 4 J\n"), std::string::npos);
  EXPECT_NE(energy.find("Without a split: 5 J, Edge(vm) = 0 - 3 (1 J more, 25.0 %)\n"),
            std::string::npos);
  EXPECT_NE(Explain({best, second}, {}, ParseObjective("", "throughput"))
                .find("Second best: 0.25 /s (75.0 % less)\n"),
            std::string::npos);
}

TEST(ExplainPlans, ShowsTheOutputOnItsWayBack) {
  Plan plan = EdgeAndCloud();
  plan.hops.push_back({"gpu", "pi", Bytes{4000}, Seconds(0.125)});
  EXPECT_NE(Explain({plan}, {}).find("  gpu -> pi               0.1250 s  0.0040 MB, the output\n"),
            std::string::npos);
}

TEST(ExplainUncertainty, GivesErrorsAndProbabilities) {
  Plan best = OneHost("device", "pi", 1);
  best.stages[0].deviation = Seconds(0.3);
  Plan second = OneHost("edge", "vm", 1.5);
  second.stages[0].deviation = Seconds(0.4);
  Prediction prediction;
  prediction.plans = {best, second, EdgeAndCloud()};
  EXPECT_EQ(ExplainUncertainty(prediction),
            "Standard errors of computing, and how likely [1] is faster (links taken as exact):\n"
            "  [1] 1.0000 s +- 30.0 %\n"
            "  [2] 1.5000 s +- 26.7 %, 84.1 %\n"
            "  [3] 2.0000 s +- unknown: single samples or sums of blocks\n");
}

TEST(ExplainPlans, GivesNoPercentageOfZero) {
  const Plan nothing = OneHost("device", "pi", 0);
  EXPECT_NE(Explain({nothing, OneHost("device", "b", 1)}, nothing)
                .find("Second best: 1.0000 s (1.0000 s more)\n"),
            std::string::npos);
}

}  // namespace
}  // namespace scission
