#include "bench/drift.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

std::vector<Seconds> Samples(std::initializer_list<double> seconds) {
  std::vector<Seconds> samples;
  for (const double second : seconds) samples.emplace_back(second);
  return samples;
}

TEST(Drift, IsAShiftOfMostSamplesByMoreThanTenPercent) {
  const Seconds usual(10);
  EXPECT_TRUE(HasDrifted(Samples({12, 11.5, 13}), usual));
  EXPECT_TRUE(HasDrifted(Samples({8, 8.5, 7}), usual));
  EXPECT_FALSE(HasDrifted(Samples({10.9, 10.8, 10.5}), usual));
  EXPECT_TRUE(HasDrifted(Samples({12, 12, 12, 12, 10}), usual));
  EXPECT_FALSE(HasDrifted(Samples({12, 12, 10, 10, 10}), usual));  // some were disturbed
  EXPECT_FALSE(HasDrifted(Samples({20, 5, 20, 5}), usual));        // noise, in both directions
}

TEST(ChangesPace, WhereOneHalfIsFasterThanTheOther) {
  EXPECT_TRUE(ChangesPace(Samples({10, 10, 10, 14, 14, 14})));
  EXPECT_TRUE(ChangesPace(Samples({14, 14, 14, 14, 10, 10, 10})));
  EXPECT_FALSE(ChangesPace(Samples({10, 14, 10, 14, 10, 14})));  // unsteady all the time
  EXPECT_FALSE(ChangesPace(Samples({10, 10, 10, 10.5, 10.5, 10.5})));
  EXPECT_FALSE(ChangesPace(Samples({10, 14})));
  EXPECT_FALSE(ChangesPace({}));
}

TEST(Drift, IsNotSeenInTwoSamples) { EXPECT_FALSE(HasDrifted(Samples({20, 20}), Seconds(10))); }

}  // namespace
}  // namespace scission
