#include "report/prediction_lines.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

Prediction OnePlan(const std::string& objective) {
  Plan plan;
  plan.source = "pi";
  plan.stages = {{"vm", "edge", 0, 9}};
  plan.latency = Seconds(2);
  plan.period = Seconds(0.5);
  plan.sent = Megabytes(0.25);
  plan.joules = 3;
  plan.price = 0.125;
  Prediction prediction;
  prediction.currency = "EUR";
  prediction.objective = ParseObjective("", objective);
  prediction.plans = {plan};
  return prediction;
}

TEST(PredictionLines, HaveTheMetricsThatWereAskedFor) {
  const std::string rest = "2.0000s - 0.2500MB - Edge(vm) = 0 - 9\n";
  EXPECT_EQ(PredictionLines(OnePlan("latency")), "[1] " + rest);
  EXPECT_EQ(PredictionLines(OnePlan("bytes")), "[1] " + rest);
  EXPECT_EQ(PredictionLines(OnePlan("throughput")), "[1] 2.00 /s - " + rest);
  EXPECT_EQ(PredictionLines(OnePlan("latency=1,cost=2")), "[1] 0.125 EUR - " + rest);
  Prediction front = OnePlan("latency");
  front.front = {Metric::kEnergy, Metric::kPeriod};
  front.is_front_complete = false;
  EXPECT_EQ(PredictionLines(front),
            "[1] 3 J - 2.00 /s - " + rest +
                "Not complete: the time limit was reached, or there are too many plans.\n");
}

TEST(PredictionLines, SayWhatIsNotProven) {
  Prediction prediction = OnePlan("latency");
  prediction.bound = 1.5;
  const std::string lines = PredictionLines(prediction);
  EXPECT_EQ(
      lines.substr(lines.find('\n') + 1),
      "Not proven: the time limit was reached. No plan is better than 1.5000 s (a gap of 25.0 "
      "%).\n");
}

}  // namespace
}  // namespace scission
