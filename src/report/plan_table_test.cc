#include "report/plan_table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace scission {
namespace {

Plan DeviceAndCloud() {
  Plan plan;
  plan.source = "pi";
  plan.stages = {{"pi", "device", 0, 6, Seconds(0.5), SegmentOrigin::kMeasured, Milliseconds(2)},
                 {"a,\"b\"", "cloud", 7, 25, Seconds(0.25), SegmentOrigin::kBlockSum}};
  plan.hops = {{"pi", "a,\"b\"", Bytes{2500}, Seconds(0.125)}};
  plan.compute = Seconds(0.75);
  plan.transfer = Seconds(0.125);
  plan.entry = Seconds(0.0625);
  plan.latency = Seconds(0.9375);
  plan.sent = Bytes{2500};
  plan.period = Seconds(0.5);
  plan.joules = 3.5;
  return plan;
}

Prediction ForVgg19(const Plan& plan) {
  Prediction prediction;
  prediction.model = "vgg19";
  prediction.model_hash = "9b5a";
  prediction.plans = {plan};
  prediction.unsplit = plan;
  return prediction;
}

TEST(PlansCsv, HasAHeaderAndARowForEachPlan) {
  EXPECT_EQ(
      PlansCsv({DeviceAndCloud()}),
      "rank,latency_ms,compute_ms,transfer_ms,entry_ms,sent_bytes,period_ms,energy_j,cost,"
      "deviation_ms,source,"
      "device,device_first_layer,device_last_layer,device_compute_ms,"
      "edge,edge_first_layer,edge_last_layer,edge_compute_ms,"
      "cloud,cloud_first_layer,cloud_last_layer,cloud_compute_ms,stages\n"
      "1,937.5,750.0,125.0,62.5,2500,500.0,3.5,0.0,,pi,pi,0,6,500.0,,,,,\"a,\"\"b\"\"\",7,25,250.0,"
      "\"Device(pi) = 0 - 6, Cloud(a,\"\"b\"\") = 7 - 25\"\n");
}

TEST(PlansJson, SaysWhereHopsCarryTheAnswerBack) {
  Prediction prediction = ForVgg19(DeviceAndCloud());
  const auto without = nlohmann::json::parse(PlansJson(prediction));
  EXPECT_FALSE(without.contains("replies"));
  EXPECT_FALSE(without["plans"][0]["hops"][0].contains("reply_bytes"));
  prediction.counts_replies = true;
  prediction.plans[0].hops[0].reply = Bytes{40};
  const auto with = nlohmann::json::parse(PlansJson(prediction));
  EXPECT_EQ(with["replies"], true);
  EXPECT_EQ(with["plans"][0]["hops"][0]["reply_bytes"], 40);
}

TEST(PlansCsv, LeavesATierWithSeveralHostsToTheStages) {
  Plan plan = DeviceAndCloud();
  plan.stages[1].tier = "device";
  EXPECT_EQ(PlansCsv({plan}).substr(PlansCsv({plan}).find('\n') + 1),
            "1,937.5,750.0,125.0,62.5,2500,500.0,3.5,0.0,,pi,,,,,,,,,,,,,\"Device(pi) = 0 - 6, "
            "Device(a,\"\"b\"\") = 7 - 25\"\n");
}

TEST(PlansJson, HasTheColumnsOfTheCsvAndStagesAndHops) {
  const Plan plan = DeviceAndCloud();
  const auto json = nlohmann::ordered_json::parse(PlansJson(ForVgg19(plan)));
  EXPECT_EQ(json["format"], "scission-plans");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["model"], "vgg19");
  EXPECT_EQ(json["model_hash"], "9b5a");
  const auto& row = json["plans"][0];
  std::vector<std::string> names;
  for (const auto& [name, value] : row.items()) names.push_back(name);
  const std::string csv = PlansCsv({plan});
  EXPECT_EQ("rank," + Join({names.begin(), names.end() - 2}, ","), csv.substr(0, csv.find('\n')));
  EXPECT_EQ(row["latency_ms"], 937.5);
  EXPECT_EQ(row["cloud"], "a,\"b\"");
  EXPECT_TRUE(row["edge_first_layer"].is_null());
  EXPECT_EQ(row["stages"][0]["measured_as_one"], true);
  EXPECT_EQ(row["stages"][1]["compute_ms"], 250.0);
  EXPECT_EQ(row["hops"][0]["bytes"], 2500);
  EXPECT_EQ(row["hops"][0]["time_ms"], 125.0);
  EXPECT_EQ(row["stages"][0]["origin"], "measured");
  EXPECT_EQ(row["stages"][0]["deviation_ms"], 2.0);
  EXPECT_TRUE(row["stages"][1]["deviation_ms"].is_null());
  EXPECT_EQ(row["first_is_faster"], 0.5);
  EXPECT_EQ(json["best_without_split"]["latency_ms"], 937.5);
}

TEST(PlansJson, SaysWhatWasLookedForAndWhetherItIsProven) {
  Prediction prediction = ForVgg19(DeviceAndCloud());
  auto json = nlohmann::json::parse(PlansJson(prediction));
  EXPECT_EQ(json["objective"], "latency");
  EXPECT_EQ(json["is_proven"], true);
  EXPECT_TRUE(json["bound"].is_null());
  prediction.bound = 0.5;
  prediction.front = {Metric::kPeriod, Metric::kEnergy};
  prediction.sensitivities = {{Parameter::kHostSpeed, "pi", "", 1, {}, {}}};
  json = nlohmann::json::parse(PlansJson(prediction));
  EXPECT_EQ(json["objective"], nlohmann::json({"throughput", "energy"}));
  EXPECT_EQ(json["is_proven"], false);
  EXPECT_EQ(json["bound"], 0.5);
  EXPECT_EQ(json["sensitivity"][0]["host"], "pi");
}

TEST(PlansJson, SaysNullForWhatIsNotKnown) {
  const auto json = nlohmann::json::parse(PlansJson({.model = "m"}));
  EXPECT_TRUE(json["model_hash"].is_null());
  EXPECT_TRUE(json["best_without_split"].is_null());
  EXPECT_TRUE(json["plans"].empty());
}

}  // namespace
}  // namespace scission
