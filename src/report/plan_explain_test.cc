#include "report/plan_explain.h"

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
  return plan;
}

TEST(ExplainPlans, ShowsEveryStepAndTheMargins) {
  Plan second = EdgeAndCloud();
  second.latency = Seconds(2.5);
  EXPECT_EQ(ExplainPlans({EdgeAndCloud(), second}, OneHost("device", "pi", 3)),
            "The best plan: 2.0000 s = 0.7500 s of computing + 1.2500 s of sending\n"
            "  pi -> vm                1.0000 s  0.1500 MB, the input\n"
            "  Edge(vm) = 0 - 3        0.5000 s  sum of its blocks\n"
            "  vm -> gpu               0.2500 s  2.0000 MB\n"
            "  Cloud(gpu) = 4 - 9      0.2500 s  fitted to other ranges, +- 0.0010 s\n"
            "Without a split: 3.0000 s, Device(pi) = 0 - 9 (1.0000 s more, 50.0 %)\n"
            "Second best: 2.5000 s (0.5000 s more, 25.0 %)\n");
}

TEST(ExplainPlans, SaysWhereThereIsNothingToCompareWith) {
  const std::string text = ExplainPlans({OneHost("device", "pi", 3)}, OneHost("device", "pi", 3));
  EXPECT_NE(text.find("The best plan needs no split.\nSecond best: there is no other plan.\n"),
            std::string::npos);
  EXPECT_NE(ExplainPlans({EdgeAndCloud()}, std::nullopt)
                .find("Without a split: no plan meets the constraints.\n"),
            std::string::npos);
}

TEST(ExplainPlans, GivesNoPercentageOfZero) {
  const Plan nothing = OneHost("device", "pi", 0);
  EXPECT_NE(ExplainPlans({nothing, OneHost("device", "b", 1)}, nothing)
                .find("Second best: 1.0000 s (1.0000 s more)\n"),
            std::string::npos);
}

}  // namespace
}  // namespace scission
