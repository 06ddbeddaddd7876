#include "validate/held_out.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scission {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSubsetOf;
using ::testing::SizeIs;

/// Blocks of two layers each; they, the whole and the first two were measured.
ModelProfile FourBlocks() {
  ModelProfile profile;
  for (int first = 0; first < 8; first += 2) {
    profile.blocks.push_back({.first_layer = first, .last_layer = first + 1});
    profile.ranges.push_back({first, first + 1, {Seconds(1)}});
  }
  profile.ranges.push_back({0, 7, {Seconds(4)}});
  profile.ranges.push_back({0, 3, {Seconds(2)}});
  return profile;
}

TEST(HeldOutRanges, AreThoseThatWereNotMeasured) {
  EXPECT_THAT(HeldOutRanges(FourBlocks(), 100, 1),
              ElementsAre(LayerRange{0, 5}, LayerRange{2, 5}, LayerRange{2, 7}, LayerRange{4, 7}));
}

TEST(HeldOutRanges, ARandomFewDependOnTheSeed) {
  const auto ranges = HeldOutRanges(FourBlocks(), 2, 1);
  EXPECT_THAT(ranges, SizeIs(2));
  EXPECT_THAT(ranges, IsSubsetOf(HeldOutRanges(FourBlocks(), 100, 1)));
  EXPECT_EQ(ranges, HeldOutRanges(FourBlocks(), 2, 1));
  int others = 0;
  for (std::uint64_t seed = 2; seed < 12; ++seed) {
    others += HeldOutRanges(FourBlocks(), 2, seed) != ranges ? 1 : 0;
  }
  EXPECT_GT(others, 0);
}

TEST(HeldOutRanges, ThereAreNoneWhereAllWereMeasured) {
  ModelProfile profile;
  profile.blocks.push_back({.first_layer = 0, .last_layer = 3});
  EXPECT_TRUE(HeldOutRanges(profile, 5, 1).empty());
}

}  // namespace
}  // namespace scission
