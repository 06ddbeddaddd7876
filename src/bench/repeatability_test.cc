#include "bench/repeatability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scission {
namespace {

using ::testing::ElementsAre;

TEST(Repeatability, IsThatOfTheRangesMeasuredTwice) {
  const std::vector<MeasuredRange> before = {
      {0, 9, {Seconds(9)}}, {0, 1, {Seconds(1)}}, {2, 3, {Seconds(2)}}, {4, 5, {Seconds(3)}}};
  const std::vector<MeasuredRange> again = {
      {4, 5, {Seconds(3)}}, {0, 1, {Seconds(1.5)}}, {2, 3, {Seconds(3), Seconds(2), Seconds(1)}}};
  const Repeatability repeatability = CompareTimes(before, again);
  EXPECT_EQ(repeatability.ranges, 3);
  EXPECT_DOUBLE_EQ(repeatability.median, 0);  // 0, 0 and 0.5 of 1.25
  EXPECT_DOUBLE_EQ(repeatability.percentile_95, 0.9 * 0.4);
}

TEST(Repeatability, SamplesRangesEvenly) {
  std::vector<LayerRange> ranges;
  for (int i = 0; i < 10; ++i) ranges.push_back({i, i});
  EXPECT_THAT(SampleOf(ranges, 4), ElementsAre(ranges[0], ranges[3], ranges[6], ranges[9]));
  EXPECT_EQ(SampleOf(ranges, 10), ranges);
  EXPECT_EQ(SampleOf(ranges, 20), ranges);
}

}  // namespace
}  // namespace scission
