#include "bench/measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace scission {
namespace {

using ::testing::ElementsAre;

class ManualClock : public Clock {
 public:
  Seconds Now() override { return now; }
  Seconds now{0};
};

/// Runs take the times given, one after the other, and write `name` into `order`.
std::function<void()> Subject(ManualClock& clock, std::string& order, char name,
                              std::vector<double> seconds) {
  return [&clock, &order, name, seconds, run = std::size_t{0}]() mutable {
    order += name;
    clock.now += Seconds(seconds[std::min(run++, seconds.size() - 1)]);
  };
}

TEST(MeasureInterleaved, VisitsSubjectsInTurnAndTimesTheSecondRunOfEachVisit) {
  ManualClock clock;
  std::string order;
  std::vector<int> rounds;
  const auto samples = MeasureInterleaved(
      {Subject(clock, order, 'a', {1, 2, 3, 4, 5}), Subject(clock, order, 'b', {10})},
      Subject(clock, order, 'w', {20}), {.warmups = 1, .min_rounds = 2, .max_rounds = 2}, clock,
      [&](int round) { rounds.push_back(round); });
  EXPECT_EQ(order, "abwwaabbwwaabb");
  EXPECT_THAT(samples.subjects[0], ElementsAre(Seconds(3), Seconds(5)));
  EXPECT_THAT(samples.subjects[1], ElementsAre(Seconds(10), Seconds(10)));
  EXPECT_THAT(samples.anchor, ElementsAre(Seconds(20), Seconds(20)));
  EXPECT_THAT(rounds, ElementsAre(1, 2));
}

TEST(MeasureInterleaved, MeasuresAnAnchorAlone) {
  ManualClock clock;
  std::string order;
  const auto samples = MeasureInterleaved({}, Subject(clock, order, 'a', {5, 7, 5, 8}),
                                          {.warmups = 0, .min_rounds = 2, .max_rounds = 2}, clock);
  EXPECT_EQ(order, "aaaa");
  EXPECT_THAT(samples.anchor, ElementsAre(Seconds(7), Seconds(8)));
}

TEST(MeasureInterleaved, LeavesASubjectWhenItsMedianIsKnown) {
  ManualClock clock;
  std::string order;
  const auto samples = MeasureInterleaved(
      {Subject(clock, order, 's', {1}), Subject(clock, order, 'n', {0, 1, 0, 2, 0, 1, 0, 2, 0, 1})},
      Subject(clock, order, 'a', {1}), {.warmups = 0, .min_rounds = 6, .max_rounds = 8}, clock);
  EXPECT_EQ(samples.subjects[0].size(), 6u);
  EXPECT_EQ(samples.subjects[1].size(), 8u);
  EXPECT_EQ(samples.anchor.size(), 8u);  // in every round, so that each has its pace
}

TEST(IsEnough, AsksForANarrowIntervalOfTheMedian) {
  const MeasureOptions options{.min_rounds = 6, .max_rounds = 9, .precision = 0.1};
  const auto samples = [](std::initializer_list<double> seconds) {
    std::vector<Seconds> result;
    for (const double second : seconds) result.emplace_back(second);
    return result;
  };
  EXPECT_FALSE(IsEnough(samples({10, 10, 10, 10, 10}), options));
  EXPECT_TRUE(IsEnough(samples({10, 10, 10, 10, 10, 11}), options));
  EXPECT_FALSE(IsEnough(samples({10, 10, 10, 10, 10, 12}), options));
  EXPECT_FALSE(IsEnough(samples({10, 10, 10, 10, 10, 8}), options));
  EXPECT_TRUE(IsEnough(samples({1, 2, 3, 4, 5, 6, 7, 8, 9}), options));
  // Fewer samples than an interval takes: only the count ends it.
  EXPECT_FALSE(IsEnough(samples({10, 10, 10}), {.min_rounds = 2, .max_rounds = 4}));
}

}  // namespace
}  // namespace scission
