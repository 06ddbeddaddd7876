#include "profile/stability.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

TEST(Stability, SmallDisturbancesAreTolerated) {
  const Stability stability{.other_load = 0.1, .steal = 0.05, .frequency_drop = 0.1};
  EXPECT_TRUE(stability.IsStable());
  EXPECT_EQ(stability.Reasons(), "");
}

TEST(Stability, NamesEveryReason) {
  const Stability stability{.other_load = 0.35,
                            .steal = 0.06,
                            .throttled = 7,
                            .frequency_drop = 0.5,
                            .unstable_ranges = 1};
  EXPECT_FALSE(stability.IsStable());
  EXPECT_EQ(stability.Reasons(),
            "other programs took 35 % of the processor; the hypervisor took 6 % of the processor; "
            "cores were slowed down for heat 7 times; the clock fell by 50 %; 1 range was taken "
            "while the machine's pace had changed");
}

}  // namespace
}  // namespace scission
