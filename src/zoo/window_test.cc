#include "zoo/window.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

Border Same(int size, Extent kernel, Extent stride) {
  return PaddingOf(size, {kernel, stride, Padding::kSame});
}

// Figures worked out from "output = ceil(input / stride)", as tensorflow.org documents it.
TEST(Window, SamePaddingIsAsymmetricWhereTheStrideAsksForIt) {
  EXPECT_EQ(Same(224, 3, 1), Border(1));
  EXPECT_EQ(Same(224, 3, 2), Border(0, 1, 0, 1));
  EXPECT_EQ(Same(225, 3, 2), Border(1));
  EXPECT_EQ(Same(224, 7, 2), Border(2, 3, 2, 3));
  EXPECT_EQ(Same(17, {1, 7}, 1), Border(0, 0, 3, 3));
  EXPECT_EQ(Same(42, 4, 1), Border(1, 2, 1, 2));
}

TEST(Window, SamePaddingIsNeverNegative) { EXPECT_EQ(Same(8, 1, 2), Border(0)); }

TEST(Window, OutputCountsThePositionsOfTheWindow) {
  EXPECT_EQ(OutputOf(230, {7, 2, Padding::kValid}), Extent(112));
  EXPECT_EQ(OutputOf(35, {3, 2, Padding::kValid}), Extent(17));
  EXPECT_EQ(OutputOf(35, {3, 2, Padding::kSame}), Extent(18));
  EXPECT_EQ(OutputOf({9, 4}, {{2, 3}, {1, 2}, Padding::kValid}), Extent(8, 1));
}

}  // namespace
}  // namespace scission
