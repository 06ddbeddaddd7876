#include "report/validation_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace scission {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const ValidationSubject kSubject = {"m", "pi", "Some CPU", 2, false};

RangeComparison Range(int first, int last, SegmentOrigin origin) {
  return {.first_layer = first,
          .last_layer = last,
          .origin = origin,
          .predicted = Seconds(3),
          .deviation = Seconds(0.5),
          .block_sum = Seconds(6),
          .measured = Seconds(4),
          .measured_again = Seconds(5)};
}

RangeValidation TwoRanges() {
  RangeValidation validation;
  validation.ranges = {Range(0, 3, SegmentOrigin::kFitted), Range(2, 9, SegmentOrigin::kFitted)};
  validation.ranges[1].deviation.reset();
  validation.ranges[1].is_unstable = true;
  validation.whole = Range(0, 9, SegmentOrigin::kMeasured);
  return validation;
}

TEST(ValidationTable, CsvHasARowForEachRange) {
  EXPECT_EQ(RangesCsv(TwoRanges()),
            "first_layer,last_layer,origin,predicted_ms,deviation_ms,measured_ms,error_percent,"
            "again_ms,again_percent,block_sum_ms,block_sum_percent,unstable\n"
            "0,3,fitted,3000.0,500.0,4000.0,-25.0,5000.0,25.0,6000.0,50.0,false\n"
            "2,9,fitted,3000.0,,4000.0,-25.0,5000.0,25.0,6000.0,50.0,true\n");
}

TEST(ValidationTable, TextTellsTheSpreadOfErrorsAndHowTheMachineIs) {
  const std::string text = RangesText(TwoRanges(), kSubject);
  EXPECT_THAT(text, HasSubstr("m on pi (Some CPU), 2 threads\n"));
  EXPECT_THAT(text, HasSubstr("0 % of the predictions are within their standard error\n"));
  EXPECT_THAT(text, HasSubstr("takes 4000.00 ms now, 3000.00 ms in the profile (+33.3 %)\n"));
  RangeValidation none;
  none.whole = TwoRanges().whole;
  EXPECT_THAT(RangesText(none, kSubject), HasSubstr("Every range was measured"));
}

TEST(ValidationTable, JsonHasTheSummaryAndTheWhole) {
  const auto json = nlohmann::json::parse(RangesJson(TwoRanges(), kSubject));
  EXPECT_EQ(json["format"], "scission-validation");
  EXPECT_EQ(json["summary"]["prediction"]["median_percent"], 25);
  EXPECT_EQ(json["summary"]["measuring_again"]["worst_percent"], 25);
  EXPECT_EQ(json["summary"]["prediction_at_present_speed"]["median_percent"], 0);
  EXPECT_EQ(json["summary"]["within_deviation"], 0);
  EXPECT_EQ(json["whole"]["origin"], "measured");
  EXPECT_EQ(json["ranges"].size(), 2u);
  EXPECT_TRUE(json["disturbance"].is_null());
  RangeValidation disturbed = TwoRanges();
  disturbed.stability.steal = 0.25;
  EXPECT_EQ(nlohmann::json::parse(RangesJson(disturbed, kSubject))["disturbance"],
            "the hypervisor took 25 % of the processor");
}

PlanValidation TwoStages() {
  PlanValidation validation;
  validation.stages = {{{"a", "device", 0, 3, Milliseconds(4)}, Milliseconds(5)},
                       {{"b", "edge", 4, 9, Milliseconds(6)}, Milliseconds(5)}};
  validation.hops = {{{"a", "b", Bytes{100}, Milliseconds(10)}, Bytes{100}, Milliseconds(0.25)}};
  return validation;
}

TEST(ValidationTable, PlansAreComparedStageByStageAndEndToEnd) {
  EXPECT_EQ(PlanRunCsv(TwoStages()),
            "what,predicted_ms,measured_ms,error_percent,bytes,unstable\n"
            "a = 0 - 3,4.0,5.0,-20.0,,false\n"
            "\"a to b, through loopback\",,0.25,,100.0,\n"
            "b = 4 - 9,6.0,5.0,20.0,,false\n"
            "all computing,10.0,10.0,0.0,,\n"
            "\"end to end, with the plan's links\",20.0,20.0,0.0,,\n");
  PlanValidation unsplit = TwoStages();
  unsplit.stages.pop_back();
  unsplit.hops.clear();
  EXPECT_THAT(PlanRunText(unsplit, "m"), Not(HasSubstr("end to end")));
}

}  // namespace
}  // namespace scission
