#include "report/plan_text.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

Plan ThreeStages() {
  Plan plan;
  plan.source = "raspi4";
  plan.stages = {{"raspi4", "device", 0, 6, Seconds(1), SegmentOrigin::kBlockSum},
                 {"vm2Core", "edge", 7, 11, Seconds(1), SegmentOrigin::kBlockSum},
                 {"6700k(GPU)", "cloud", 12, 25, Seconds(1), SegmentOrigin::kBlockSum}};
  plan.latency = Seconds(9.010560347785036);
  plan.sent = Bytes{2408720};
  return plan;
}

Plan CloudOnly() {
  Plan plan;
  plan.source = "raspi4";
  plan.stages = {{"gpu", "cloud", 0, 25, Seconds(1), SegmentOrigin::kBlockSum}};
  plan.latency = Seconds(0.03125);
  plan.sent = Bytes{150000};
  return plan;
}

TEST(PlanLines, LeaveUnusedTiersOut) {
  EXPECT_EQ(PlanLines({ThreeStages(), CloudOnly()}),
            "[1] 9.0106s - 2.4087MB - Device(raspi4) = 0 - 6, Edge(vm2Core) = 7 - 11, "
            "Cloud(6700k(GPU)) = 12 - 25\n"
            "[2] 0.0312s - 0.1500MB - Cloud(gpu) = 0 - 25\n");
}

TEST(ClassicPlanLines, NameEveryTierAndTheDeviceThatSendsTheInput) {
  EXPECT_EQ(ClassicPlanLines({CloudOnly()}),
            "[1] 0.0312s - 0.1500MB - Device(raspi4) = -1 - -1, Edge(None) = -1 - -1, Cloud(gpu) = "
            "0 - 25\n");
}

TEST(PlanLines, NameSeveralHostsOfATierAndOtherTiersInOrder) {
  Plan plan = ThreeStages();
  plan.stages[0].tier = "fog";
  plan.stages[2].tier = "edge";
  EXPECT_EQ(PlanLines({plan}),
            "[1] 9.0106s - 2.4087MB - Fog(raspi4) = 0 - 6, Edge(vm2Core) = 7 - 11, "
            "Edge(6700k(GPU)) = 12 - 25\n");
}

}  // namespace
}  // namespace scission
