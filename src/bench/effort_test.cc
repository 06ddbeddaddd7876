#include "bench/effort.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace scission {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;

/// Blocks of one layer each.
std::vector<LayerRange> Blocks(int count) {
  std::vector<LayerRange> blocks;
  for (int i = 0; i < count; ++i) blocks.push_back({i, i});
  return blocks;
}

TEST(Effort, QuickIsTheWholeAndItsBlocks) {
  EXPECT_THAT(RangesOf({{0, 4}, {5, 5}}, Effort::kQuick),
              ElementsAre(LayerRange{0, 5}, LayerRange{0, 4}, LayerRange{5, 5}));
}

TEST(Effort, OneBlockIsMeasuredOnce) {
  EXPECT_THAT(RangesOf({{0, 4}}, Effort::kExhaustive), ElementsAre(LayerRange{0, 4}));
}

TEST(Effort, NormalHasPrefixesAndSuffixesPairsAndADyadicSet) {
  const auto ranges = RangesOf(Blocks(9), Effort::kNormal);
  EXPECT_THAT(ranges, IsSupersetOf({LayerRange{0, 6}, LayerRange{6, 8}, LayerRange{3, 4},
                                    LayerRange{4, 7}, LayerRange{0, 7}}));
  EXPECT_THAT(ranges, Not(Contains(LayerRange{2, 4})));
  // 1 whole, 9 blocks, 7 more prefixes and as many suffixes, 6 more pairs, [4, 7]
  EXPECT_THAT(ranges, SizeIs(31));
}

TEST(Effort, EachLevelHasAllOfTheOneBefore) {
  const auto blocks = Blocks(11);
  auto before = RangesOf(blocks, Effort::kQuick);
  for (const Effort effort : {Effort::kNormal, Effort::kFull, Effort::kExhaustive}) {
    const auto ranges = RangesOf(blocks, effort);
    EXPECT_THAT(ranges, IsSupersetOf(before));
    EXPECT_GT(ranges.size(), before.size());
    before = ranges;
  }
  EXPECT_THAT(before, SizeIs(11 * 12 / 2));  // every contiguous range, each once
}

TEST(Effort, NamesThoseThatThereAre) {
  EXPECT_EQ(ParseEffort("Full"), Effort::kFull);
  EXPECT_EQ(ToText(Effort::kNormal), "normal");
  EXPECT_THAT([] { ParseEffort("max"); },
              ::testing::ThrowsMessage<InputError>(
                  "--effort: 'max' is not known; it is one of quick, normal, full, exhaustive"));
}

}  // namespace
}  // namespace scission
