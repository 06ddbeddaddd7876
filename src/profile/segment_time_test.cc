#include "profile/segment_time.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

/// Blocks of layers 0-1, 2, 3-5 with 0.1, 0.2 and 0.4 s.
ModelProfile ThreeBlocks() {
  ModelProfile model;
  model.blocks.resize(3);
  const int bounds[][2] = {{0, 1}, {2, 2}, {3, 5}};
  const double times[] = {0.1, 0.2, 0.4};
  for (std::size_t i = 0; i < 3; ++i) {
    model.blocks[i].first_layer = bounds[i][0];
    model.blocks[i].last_layer = bounds[i][1];
    model.ranges.push_back({bounds[i][0], bounds[i][1], {Seconds(times[i])}});
  }
  return model;
}

TEST(SegmentTime, SumsTheBlocksWhereTheRangeWasNotMeasured) {
  EXPECT_EQ(SegmentTime(ThreeBlocks(), 0, 2), Seconds(0.1) + Seconds(0.2));
  EXPECT_EQ(SegmentTime(ThreeBlocks(), 3, 5), Seconds(0.4));
}

TEST(SegmentTime, TakesAMeasuredRangeAsItIs) {
  ModelProfile model = ThreeBlocks();
  model.ranges.push_back({0, 5, {Seconds(9), Seconds(0.5), Seconds(0.25)}});
  EXPECT_EQ(SegmentTime(model, 0, 5), Seconds(0.5));
}

TEST(SegmentTable, AgreesWithSegmentTimeAndTellsWhatWasMeasured) {
  ModelProfile model = ThreeBlocks();
  model.ranges.push_back({0, 5, {Seconds(0.5)}});
  const SegmentTable table(model, {1, 2, 5});
  const int first_layers[] = {0, 2, 3};
  const int last_layers[] = {1, 2, 5};
  for (std::size_t first = 0; first < 3; ++first) {
    for (std::size_t last = first; last < 3; ++last) {
      EXPECT_EQ(table.Time(first, last),
                SegmentTime(model, first_layers[first], last_layers[last]));
      const bool measured = first == last || (first == 0 && last == 2);
      EXPECT_EQ(table.Origin(first, last),
                measured ? SegmentOrigin::kMeasured : SegmentOrigin::kExtrapolated);
    }
  }
}

TEST(SegmentTable, MergesBlocksBetweenTheGivenCuts) {
  const SegmentTable table(ThreeBlocks(), {2, 5});
  EXPECT_EQ(table.Time(0, 0), Seconds(0.1) + Seconds(0.2));
  EXPECT_EQ(table.Origin(0, 0), SegmentOrigin::kBlockSum);
  EXPECT_EQ(table.Time(1, 1), Seconds(0.4));
  EXPECT_EQ(table.Origin(1, 1), SegmentOrigin::kMeasured);
}

TEST(SegmentTable, GivesTheTimesOfAllSegmentsFromAPiece) {
  std::vector<double> row(3);
  SegmentTable(ThreeBlocks(), {1, 2, 5}).Row(0, row);
  EXPECT_EQ(row, (std::vector<double>{0.1, 0.1 + 0.2, 0.1 + 0.2 + 0.4}));
  ModelProfile model = ThreeBlocks();
  model.ranges.push_back({2, 5, {Seconds(0.5)}});
  const SegmentTable table(model, {1, 2, 5});
  row.resize(2);
  table.Row(0, row);
  EXPECT_EQ(row, (std::vector<double>{0.1, table.Time(0, 1).count()}));
  table.Row(1, row);
  EXPECT_EQ(row, (std::vector<double>{0.2, 0.5}));
}

TEST(SegmentTable, TakesMeasurementsAtTheMachinesUsualSpeed) {
  ModelProfile model = ThreeBlocks();
  model.ranges[0].paces = {2};  // the machine was half as fast as at other times
  const SegmentTable table(model, {1, 2, 5});
  EXPECT_EQ(table.Time(0, 0), Seconds(0.05));
  EXPECT_EQ(table.Time(0, 1), Seconds(0.05) + Seconds(0.2));
}

TEST(SegmentTable, KnowsTheUncertaintyOfWhatWasMeasuredMoreThanOnce) {
  ModelProfile model = ThreeBlocks();
  model.ranges[0].samples = {Seconds(0.1), Seconds(0.09), Seconds(0.12), Seconds(0.1)};
  const SegmentTable table(model, {1, 2, 5});
  // 1.4826 times the median distance (0.005) times sqrt(pi / 2 / 4).
  EXPECT_NEAR(table.Deviation(0, 0)->count(), 0.0046454, 1e-7);
  EXPECT_EQ(table.Deviation(1, 1), std::nullopt);
  EXPECT_EQ(table.Deviation(0, 1), std::nullopt);
}

TEST(SegmentTable, TakesThePrecisionThatABenchmarkStates) {
  ModelProfile model = ThreeBlocks();
  model.ranges[0].samples = {Seconds(0.1), Seconds(0.09), Seconds(0.12), Seconds(0.1)};
  model.ranges[0].paces = {1, 1, 1, 1};
  model.ranges[0].precision = 0.0196;  // 1.96 standard errors
  EXPECT_NEAR(SegmentTable(model, {1, 2, 5}).Deviation(0, 0)->count(), 0.001, 1e-12);
}

}  // namespace
}  // namespace scission
