#include "report/sensitivity_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace scission {
namespace {

Plan OnHost(const std::string& host) {
  Plan plan;
  plan.stages = {{host, "edge", 0, 9}};
  return plan;
}

const std::vector<Sensitivity> kAll = {
    {Parameter::kLinkLatency, "pi", "vm", 0.005, {}, BreakPoint{0.0223, OnHost("pi")}},
    {Parameter::kLinkBandwidth, "pi", "vm", 1.25e6, BreakPoint{5e5, OnHost("pi")}, {}},
    {Parameter::kHostSpeed, "pi", "", 1, {}, {}},
    {Parameter::kHostSpeed, "gpu", "", 1, BreakPoint{0.5, OnHost("vm")},
     BreakPoint{2, OnHost("gpu")}}};

TEST(SensitivityText, NamesWhatWouldChangeTheBestPlan) {
  EXPECT_EQ(SensitivityText(kAll),
            "The best plan is another one with:\n"
            "  latency of pi -> vm (5 ms now)\n"
            "    above 22.3 ms: Edge(pi) = 0 - 9\n"
            "  bandwidth of pi -> vm (10 Mbit/s now)\n"
            "    below 4 Mbit/s: Edge(pi) = 0 - 9\n"
            "  speed of gpu (1x now)\n"
            "    below 0.5x: Edge(vm) = 0 - 9\n"
            "    above 2x: Edge(gpu) = 0 - 9\n"
            "  Other links and speeds would not change it.\n");
  EXPECT_EQ(SensitivityText({kAll[2]}),
            "No link's latency or bandwidth and no host's speed would change the best plan.\n");
  EXPECT_EQ(SensitivityText({}), "");
}

TEST(SensitivityJson, HasTheSameInUnitsOfTheMemberNames) {
  const auto json = SensitivityJson(kAll);
  EXPECT_EQ(json[0]["from"], "pi");
  EXPECT_EQ(json[0]["latency_ms"], 5.0);
  EXPECT_EQ(json[0]["above"]["stages"], "Edge(pi) = 0 - 9");
  EXPECT_TRUE(json[0]["below"].is_null());
  EXPECT_EQ(json[1]["below"]["bandwidth_mbps"], 4.0);
  EXPECT_EQ(json[3]["host"], "gpu");
  EXPECT_EQ(json[3]["below"]["speed"], 0.5);
}

}  // namespace
}  // namespace scission
