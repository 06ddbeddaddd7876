#include "report/plan_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/testing/error_of.h"
#include "report/plan_inputs.h"
#include "report/plan_table.h"

namespace scission {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

Plan ThreeHosts() {
  Plan plan;
  plan.source = "pi";
  plan.stages = {{"pi", "device", 0, 6, Seconds(0.5), SegmentOrigin::kMeasured},
                 {"vm", "edge", 7, 7, Seconds(0.125), SegmentOrigin::kMeasured},
                 {"gpu", "cloud", 8, 25, Seconds(0.25), SegmentOrigin::kBlockSum}};
  plan.stages[1].startup = Milliseconds(0.5);
  plan.hops = {{"pi", "vm", Bytes{2500}, Seconds(0.125)}, {"vm", "gpu", Bytes{0.5}, Seconds(1)}};
  plan.latency = Seconds(2);
  plan.entry = Seconds(0.0625);
  return plan;
}

PlanFile Read(const std::string& text) {
  const TemporaryFolder folder;
  WriteFileAtomically(folder.path() / "plan.json", text);
  return ReadPlanFile(folder.path() / "plan.json");
}

TEST(PlanFile, HoldsTheFirstPlanThatPredictPrinted) {
  Plan second = ThreeHosts();
  second.stages.resize(1);
  second.hops.clear();
  const PlanFile plan = Read(PlansJson({.model = "vgg19",
                                        .model_hash = "9b5a",
                                        .plans = {ThreeHosts(), second},
                                        .unsplit = second}));
  EXPECT_EQ(plan.model, "vgg19");
  EXPECT_EQ(plan.model_hash, "9b5a");
  EXPECT_EQ(plan.latency, Seconds(2));
  EXPECT_EQ(plan.entry, Seconds(0.0625));
  ASSERT_EQ(plan.stages.size(), 3u);
  EXPECT_EQ(plan.stages[1].host, "vm");
  EXPECT_EQ(plan.stages[1].tier, "edge");
  EXPECT_EQ(plan.stages[1].first_layer, 7);
  EXPECT_EQ(plan.stages[2].last_layer, 25);
  EXPECT_EQ(plan.stages[2].compute, Seconds(0.25));
  EXPECT_EQ(plan.stages[0].startup, Seconds(0));
  EXPECT_EQ(plan.stages[1].startup, Milliseconds(0.5));
  EXPECT_EQ(plan.stages[0].origin, SegmentOrigin::kMeasured);
  EXPECT_NE(plan.stages[2].origin, SegmentOrigin::kMeasured);
  ASSERT_EQ(plan.hops.size(), 2u);
  EXPECT_EQ(plan.hops[1].from, "vm");
  EXPECT_EQ(plan.hops[1].to, "gpu");
  EXPECT_EQ(plan.hops[1].bytes, Bytes{0.5});
  EXPECT_EQ(plan.hops[0].time, Seconds(0.125));
}

TEST(PlanFile, HoldsTheCodecsOfHops) {
  Plan packed = ThreeHosts();
  packed.hops[1].codec = "fp16";
  const PlanFile plan = Read(PlansJson({.model = "vgg19", .plans = {packed}}));
  EXPECT_EQ(plan.hops[0].codec, "");
  EXPECT_EQ(plan.hops[1].codec, "fp16");
}

TEST(PlanFile, HoldsAllPlansInTheirOrder) {
  Plan second = ThreeHosts();
  second.stages.resize(1);
  second.hops.clear();
  const TemporaryFolder folder;
  WriteFileAtomically(folder.path() / "plan.json",
                      PlansJson({.model = "vgg19", .plans = {ThreeHosts(), second}}));
  const auto plans = ReadPlans(folder.path() / "plan.json").plans;
  ASSERT_EQ(plans.size(), 2u);
  EXPECT_EQ(plans[0].stages.size(), 3u);
  EXPECT_EQ(plans[1].stages.size(), 1u);
  EXPECT_EQ(plans[1].model, "vgg19");
}

TEST(PlanFile, MayCarryTheInputToTheFirstStage) {
  Plan plan = ThreeHosts();
  plan.stages = {{"gpu", "cloud", 0, 25, Seconds(0.25), SegmentOrigin::kBlockSum}};
  plan.hops = {{"pi", "gpu", Bytes{602112}, Seconds(1)}};
  EXPECT_EQ(Read(PlansJson({.model = "m", .plans = {plan}})).hops.size(), 1u);
  plan.hops.clear();
  const PlanFile alone = Read(PlansJson({.model = "m", .plans = {plan}}));
  EXPECT_EQ(alone.hops.size(), 0u);
  EXPECT_EQ(alone.model_hash, "");
}

/// The message for what `spoil` makes of the plan, without the folder's name.
std::string ErrorAfter(const std::function<void(Json& document, Json& plan)>& spoil) {
  Json document =
      Json::parse(PlansJson({.model = "vgg19", .model_hash = "9b5a", .plans = {ThreeHosts()}}));
  spoil(document, document["plans"][0]);
  const std::string error = testing::ErrorOf([&] { Read(document.dump()); });
  const auto name = error.find("plan.json: ");
  return name == std::string::npos ? error : error.substr(name);
}

TEST(PlanFile, NamesThePlaceOfAnError) {
  EXPECT_EQ(ErrorAfter([](Json& file, Json&) { file["plans"] = Json::array(); }),
            "plan.json: plans: there is no plan in it");
  EXPECT_EQ(ErrorAfter([](Json& file, Json&) { file["format"] = "scission-profile"; }),
            "plan.json: is not a plan (of predict --format json): \"format\" is not "
            "\"scission-plans\"");
  EXPECT_EQ(ErrorAfter([](Json& file, Json&) { file["version"] = 2; }),
            "plan.json: version: 2 is newer than this program, which reads version 1");
  EXPECT_EQ(ErrorAfter([](Json& file, Json&) { file["model_hash"] = 7; }),
            "plan.json: model_hash: must be a string");
  EXPECT_EQ(ErrorAfter([](Json&, Json& plan) { plan["stages"] = Json::array(); }),
            "plan.json: plans[0].stages: there is no stage in it");
  EXPECT_EQ(ErrorAfter([](Json&, Json& plan) { plan["stages"][0]["first_layer"] = 1; }),
            "plan.json: plans[0].stages[0].first_layer: is 1, not 0: stages are contiguous and "
            "begin with layer 0");
  EXPECT_THAT(ErrorAfter([](Json&, Json& plan) { plan["stages"][2]["first_layer"] = 9; }),
              HasSubstr("plans[0].stages[2].first_layer: is 9, not 8"));
  EXPECT_THAT(ErrorAfter([](Json&, Json& plan) { plan["stages"][1]["last_layer"] = 6; }),
              HasSubstr("plans[0].stages[1].last_layer: 6 is outside 7 to"));
  EXPECT_EQ(ErrorAfter([](Json&, Json& plan) { plan["stages"][1]["host"] = "a\nb"; }),
            "plan.json: plans[0].stages[1].host: is too long or has control characters");
  EXPECT_EQ(ErrorAfter([](Json&, Json& plan) { plan["latency_ms"] = -1; }),
            "plan.json: plans[0].latency_ms: -1 is outside 0 to 1000000000000");
  EXPECT_EQ(ErrorAfter([](Json&, Json& plan) { plan["entry_ms"] = 2001; }),
            "plan.json: plans[0].entry_ms: 2001 is outside 0 to 2000");
  EXPECT_EQ(ErrorAfter([](Json&, Json& plan) { plan["stages"][1]["startup_ms"] = 126; }),
            "plan.json: plans[0].stages[1].startup_ms: 126 is outside 0 to 125");
}

TEST(PlanFile, RefusesHopsThatDoNotLeadAlongTheStages) {
  const std::string error =
      "plan.json: plans[0].hops: do not lead from each stage's host to the next one's";
  EXPECT_EQ(ErrorAfter([](Json&, Json& plan) { plan["hops"].erase(0); }), error);
  EXPECT_EQ(ErrorAfter([](Json&, Json& plan) { plan["hops"][1]["to"] = "pi"; }), error);
  EXPECT_EQ(ErrorAfter([](Json&, Json& plan) { plan["hops"][1]["from"] = "pi"; }), error);
  EXPECT_EQ(ErrorAfter([](Json&, Json& plan) { plan["hops"] = Json::array(); }), error);
}

TEST(PlanFile, TellsThreadsTheSourceAndWhetherRepliesCount) {
  Plan plan = ThreeHosts();
  plan.stages[1].threads = 4;
  Json document = Json::parse(PlansJson({.model = "m", .plans = {plan}}));
  const PlanFile read = Read(document.dump());
  EXPECT_EQ(read.stages[0].threads, 0);
  EXPECT_EQ(read.stages[1].threads, 4);
  EXPECT_EQ(read.source(), "pi");
  EXPECT_FALSE(read.counts_replies);
  plan.stages = {{"gpu", "cloud", 0, 25, Seconds(0.25), SegmentOrigin::kBlockSum}};
  plan.hops = {{"pi", "gpu", Bytes{602112}, Seconds(1), "", Bytes{4000}}};
  document = Json::parse(PlansJson({.model = "m", .plans = {plan}}));
  document["replies"] = true;
  EXPECT_EQ(Read(document.dump()).source(), "pi");
  EXPECT_TRUE(Read(document.dump()).counts_replies);
  EXPECT_EQ(Read(document.dump()).hops[0].reply, Bytes{4000});
  EXPECT_EQ(read.hops[0].reply, Bytes{});
}

TEST(PlanFile, TellsWithWhichOptionsThePlansWereAskedForWhereThatIsKnown) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "plan.json";
  const auto options_in = [&](const std::string& text) {
    WriteFileAtomically(file, text);
    return ReadPlans(file).options;
  };
  const std::string text =
      PlansJson({.model = "m", .plans = {ThreeHosts()}, .options = {"--revisit", "--cloud=!-1"}});
  EXPECT_EQ(options_in(text), (std::vector<std::string>{"--revisit", "--cloud=!-1"}));
  Json document = Json::parse(text);
  document.erase("options");
  EXPECT_EQ(options_in(document.dump()), std::nullopt);
  EXPECT_EQ(ErrorAfter([](Json& file, Json&) { file["options"] = {7}; }),
            "plan.json: options[0]: must be a string");
}

TEST(PlanFile, TellsItsInputsEvenIfTheyHaveChanged) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "plan.json";
  WriteFileAtomically(folder.path() / "n.csv", "network");
  SavePlans(PlansJson({.model = "m", .plans = {ThreeHosts()}}), {folder.path() / "n.csv"}, file);
  EXPECT_EQ(ReadUnchangedPlans(file).inputs.at(0), folder.path() / "n.csv");
  WriteFileAtomically(folder.path() / "n.csv", "another");
  EXPECT_EQ(ReadPlans(file).inputs.at(0), folder.path() / "n.csv");
  EXPECT_THROW(ReadUnchangedPlans(file), InputError);
}

TEST(PlanFile, MayCarryTheOutputBack) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "plan.json";
  Plan plan = ThreeHosts();
  plan.hops.push_back({"gpu", "pi", Bytes{4000}, Seconds(0.5)});
  WriteFileAtomically(file, PlansJson({.model = "m", .plans = {plan}}));
  EXPECT_EQ(ReadPlanFile(file).hops.size(), plan.hops.size());
  plan.hops.back().to = "vm";
  WriteFileAtomically(file, PlansJson({.model = "m", .plans = {plan}}));
  EXPECT_THROW(ReadPlanFile(file), InputError);
}

}  // namespace
}  // namespace scission
