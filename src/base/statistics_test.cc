#include "base/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace scission {
namespace {

TEST(Statistics, MedianOfOddAndEvenCounts) {
  EXPECT_DOUBLE_EQ(Median({3, 1, 2}), 2);
  EXPECT_DOUBLE_EQ(Median({4, 1, 3, 2}), 2.5);
  EXPECT_DOUBLE_EQ(Median({7}), 7);
}

TEST(Statistics, QuantilesInterpolateLikeNumpy) {
  EXPECT_DOUBLE_EQ(Quantile({1, 2, 3, 4, 5}, 0.1), 1.4);
  EXPECT_DOUBLE_EQ(Quantile({10, 20}, 0.9), 19);
  EXPECT_DOUBLE_EQ(Quantile({1, 2, 3}, 0), 1);
  EXPECT_DOUBLE_EQ(Quantile({1, 2, 3}, 1), 3);
}

std::vector<double> OneTo(int n) {
  std::vector<double> values;
  for (int i = n; i >= 1; --i) values.push_back(i);
  return values;
}

TEST(Statistics, IntervalOfTheMedianIsThatOfTheTables) {
  EXPECT_FALSE(MedianInterval({}).has_value());
  EXPECT_FALSE(MedianInterval(OneTo(5)).has_value());  // 93.75 % at best
  const struct {
    int n;
    double low;
    double high;
  } kTable[] = {{6, 1, 6}, {9, 2, 8}, {10, 2, 9}, {20, 6, 15}, {100, 40, 61}};
  for (const auto& row : kTable) {
    const auto interval = MedianInterval(OneTo(row.n));
    ASSERT_TRUE(interval.has_value()) << row.n;
    EXPECT_EQ(interval->low, row.low) << row.n;
    EXPECT_EQ(interval->high, row.high) << row.n;
  }
  EXPECT_EQ(MedianInterval(OneTo(5), 0.9)->low, 1);
  EXPECT_EQ(MedianInterval(OneTo(3000))->low, 1446);  // 2^-3000 is no double
}

TEST(Statistics, ReachOfTheMedianComesFromTheQuartiles) {
  EXPECT_FALSE(MedianReach({1, 2}).has_value());
  EXPECT_EQ(MedianReach({5, 5, 5, 5}), 0);
  // 1.96 times (7 - 3) / 1.349 times sqrt(pi / 2 / 9) times 9 / 6.6.
  EXPECT_NEAR(*MedianReach(OneTo(9)), 3.31085, 1e-4);
  EXPECT_EQ(MedianReach({1, 2, 3, 4, 5, 6, 7, 8, 900}), MedianReach(OneTo(9)));
}

TEST(Statistics, ReachOfTheMedianHoldsNineteenOfTwenty) {
  Random random(1);
  for (const int n : {6, 8, 12, 20}) {
    int held = 0;
    for (int trial = 0; trial < 2000; ++trial) {
      std::vector<double> samples(static_cast<std::size_t>(n));
      for (double& sample : samples) {
        sample = -6;  // around 0, as good as normal
        for (int i = 0; i < 12; ++i) sample += random.Uniform();
      }
      held += std::abs(Median(samples)) <= *MedianReach(samples) ? 1 : 0;
    }
    EXPECT_NEAR(held / 2000.0, 0.945, 0.02) << n;
  }
}

}  // namespace
}  // namespace scission
