#include "validate/comparison.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

RangeComparison Range(double predicted, double block_sum, double measured, double again) {
  RangeComparison range;
  range.predicted = Seconds(predicted);
  range.block_sum = Seconds(block_sum);
  range.measured = Seconds(measured);
  range.measured_again = Seconds(again);
  return range;
}

TEST(Comparison, ErrorsAreRelativeToTheFirstMeasurement) {
  EXPECT_DOUBLE_EQ(RelativeError(Seconds(3), Seconds(4)), -0.25);
  EXPECT_EQ(RelativeError(Seconds(3), Seconds(0)), 0);
}

TEST(Comparison, SummarizesWhateverTheSignOfTheErrors) {
  const auto summary = Summarize({Range(1.1, 2, 1, 1), Range(1.8, 4, 2, 2.1), Range(4, 4, 4, 4.4)});
  EXPECT_NEAR(summary.prediction.median, 0.1, 1e-12);
  EXPECT_NEAR(summary.prediction.worst, 0.1, 1e-12);
  EXPECT_NEAR(summary.block_sum.median, 1, 1e-12);
  EXPECT_NEAR(summary.repeatability.median, 0.05, 1e-12);
  EXPECT_NEAR(summary.repeatability.p95, 0.095, 1e-12);
  EXPECT_EQ(summary.within_deviation, std::nullopt);
}

TEST(Comparison, CountsPredictionsThatAreWithinTheirStandardError) {
  std::vector<RangeComparison> ranges = {Range(1.1, 1, 1, 1), Range(1.1, 1, 1, 1),
                                         Range(5, 1, 1, 1)};
  ranges[0].deviation = Seconds(0.11);
  ranges[1].deviation = Seconds(0.09);
  EXPECT_EQ(Summarize(ranges).within_deviation, 0.5);
}

}  // namespace
}  // namespace scission
