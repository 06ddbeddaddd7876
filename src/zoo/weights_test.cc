#include "zoo/weights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

namespace scission {
namespace {

std::vector<float> Values(std::size_t count, UniformRange range, std::uint64_t seed = 1,
                          const char* name = "a") {
  const std::string bytes = RandomFloats(count, range, seed, name);
  std::vector<float> values(count);
  EXPECT_EQ(bytes.size(), count * sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

TEST(Weights, DependOnSeedAndNameAlone) {
  const UniformRange range{-1, 1};
  EXPECT_EQ(Values(5, range), Values(5, range));
  EXPECT_NE(Values(5, range, 1), Values(5, range, 2));
  EXPECT_NE(Values(5, range, 1, "a"), Values(5, range, 1, "b"));
}

// From an implementation of SplitMix64 and FNV-1a in another language.
TEST(Weights, AreTheSameOnEveryMachine) {
  const auto values = Values(3, {-1, 1}, 42, "conv/kernel");
  EXPECT_FLOAT_EQ(values[0], 0.20989050902f);
  EXPECT_FLOAT_EQ(values[1], 0.21886789007f);
  EXPECT_FLOAT_EQ(values[2], -0.30814485298f);
}

TEST(Weights, FillTheRangeEvenly) {
  constexpr int kCount = 100001;
  const auto values = Values(kCount, {2, 6});
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / kCount;
  double variance = 0;
  for (const float value : values) variance += (value - mean) * (value - mean) / kCount;
  EXPECT_NEAR(mean, 4, 0.02);
  EXPECT_NEAR(variance, 16.0 / 12, 0.02);
  EXPECT_GE(*std::ranges::min_element(values), 2);
  EXPECT_LE(*std::ranges::max_element(values), 6);
}

TEST(Weights, FollowHeAfterAReluAndShrinkForLargerInputs) {
  const UniformRange after_relu = HeUniform(576, Rectified(kNormalised));
  EXPECT_FLOAT_EQ(after_relu.high, std::sqrt(6.0f / 576));
  EXPECT_FLOAT_EQ(after_relu.low, -after_relu.high);
  EXPECT_FLOAT_EQ(HeUniform(576, Rectified({0, 4})).high, after_relu.high / 2);
}

}  // namespace
}  // namespace scission
