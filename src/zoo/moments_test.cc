#include "zoo/moments.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace scission {
namespace {

TEST(Moments, AReluHalvesTheMeanSquareOfWhatHasNoMean) {
  const Moments rectified = Rectified({0, 4});
  EXPECT_NEAR(rectified.mean, 2 / std::sqrt(2 * std::numbers::pi), 1e-12);
  EXPECT_NEAR(rectified.mean_square, 2, 1e-12);
}

TEST(Moments, AgreeWithTheIntegralOfTheDensity) {
  constexpr double kMean = 1.5;
  constexpr double kDeviation = 2;
  constexpr double kStep = 1e-3;
  Moments integral{0, 0};
  for (double x = kStep / 2; x < kMean + 10 * kDeviation; x += kStep) {
    const double z = (x - kMean) / kDeviation;
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi) / kDeviation;
    integral.mean += x * density * kStep;
    integral.mean_square += x * x * density * kStep;
  }
  const Moments rectified = Rectified({kMean, kMean * kMean + kDeviation * kDeviation});
  EXPECT_NEAR(rectified.mean, integral.mean, 1e-5);
  EXPECT_NEAR(rectified.mean_square, integral.mean_square, 1e-5);
}

TEST(Moments, OfScaledValues) {
  const Moments scaled = Scaled({1, 3}, 0.5);
  EXPECT_DOUBLE_EQ(scaled.mean, 0.5);
  EXPECT_DOUBLE_EQ(scaled.mean_square, 0.75);
}

TEST(Moments, OfAMixtureAreWeightedByCounts) {
  const Moments mixture = Mixture({1, 3}, 1, {5, 7}, 3);
  EXPECT_DOUBLE_EQ(mixture.mean, 4);
  EXPECT_DOUBLE_EQ(mixture.mean_square, 6);
  EXPECT_DOUBLE_EQ(Mixture({9, 9}, 0, {1, 3}, 4).mean_square, 3);
}

TEST(Moments, OfASumAddMeansAndVariances) {
  const Moments sum = Sum({1, 3}, {2, 9});
  EXPECT_DOUBLE_EQ(sum.mean, 3);
  EXPECT_DOUBLE_EQ(sum.variance(), 2 + 5);
}

}  // namespace
}  // namespace scission
