#include "base/statistics.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace scission
