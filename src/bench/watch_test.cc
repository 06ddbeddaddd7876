#include "bench/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace scission {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

/// A machine that does what it is told, and keeps the time.
class Machine : public Clock {
 public:
  Seconds Now() override { return now_; }

  /// `time_of`: of a run that begins at this time.
  std::vector<Seconds> Watch(const std::function<double(double now)>& time_of,
                             const MeasureOptions& options) {
    begin_ = now_;
    return WatchPace(
        [&] {
          ++runs;
          now_ += Seconds(time_of((now_ - begin_).count()));
        },
        [&](Seconds pause) {
          pauses.push_back(pause);
          now_ += pause;
        },
        options, *this, [&](Seconds elapsed) { watched = elapsed; });
  }

  int runs = 0;
  std::vector<Seconds> pauses;
  Seconds watched{0};

 private:
  Seconds now_{1000};
  Seconds begin_{0};
};

TEST(WatchPace, PausesBeforeEachVisitAndTimesTheSecondRun) {
  Machine machine;
  int run = 0;
  const auto samples = machine.Watch([&](double) { return run++ % 2 == 0 ? 3.0 : 0.5; },
                                     {.min_rounds = 3, .max_rounds = 3});
  EXPECT_THAT(samples, ElementsAre(Seconds(0.5), Seconds(0.5), Seconds(0.5)));
  EXPECT_THAT(machine.pauses, ElementsAre(Seconds(0.01), Seconds(0.5), Seconds(0.5)));
}

TEST(WatchPace, PausesForASecondAtTheLongest) {
  Machine machine;
  machine.Watch([](double) { return 7.0; }, {.min_rounds = 2});
  EXPECT_THAT(machine.pauses, ElementsAre(Seconds(0.01), Seconds(1)));
}

TEST(WatchPace, RunsAllTheWhileAndTakesASampleEachStep) {
  Machine machine;
  const auto samples =
      machine.Watch([](double) { return 0.01; }, {.min_rounds = 4, .longest_watch = Seconds(0.1)});
  EXPECT_THAT(samples, SizeIs(4));
  EXPECT_NEAR(machine.watched / kWatchStep, 3, 0.5);
  EXPECT_NEAR(machine.runs * 0.015, 4 * kWatchStep.count(), 0.25);  // 10 ms each, 10 ms between two
}

TEST(WatchPace, EveryVisitIsASampleWhereOnlyTheirNumberCounts) {
  Machine machine;
  EXPECT_THAT(machine.Watch([](double) { return 0.01; }, {.min_rounds = 30}), SizeIs(30));
  EXPECT_EQ(machine.runs, 60);
}

TEST(WatchPace, EndsWhenThePaceIsKnown) {
  Machine machine;
  const auto samples = machine.Watch([](double) { return 0.01; }, {.longest_watch = Seconds(1000)});
  EXPECT_NEAR(machine.watched.count(), 10, 0.5);  // five windows of two seconds
  for (const Seconds sample : samples) EXPECT_NEAR(sample.count(), 0.01, 1e-9);
}

TEST(WatchPace, GoesOnWhereThePaceWandersButNotForever) {
  Machine machine;
  const auto wanders = [](double now) { return static_cast<int>(now / 3) % 2 == 0 ? 0.01 : 0.013; };
  machine.Watch(wanders, {.longest_watch = Seconds(20)});
  EXPECT_NEAR(machine.watched.count(), 20, 0.5);
  machine.Watch(wanders, {.longest_watch = Seconds(20), .pace_precision = 0.5});
  EXPECT_NEAR(machine.watched.count(), 10, 0.5);
}

/// Five samples a second, of a pace that changes every so many seconds.
std::optional<double> PrecisionOver(double seconds, double changes_after) {
  std::vector<Seconds> begins;
  std::vector<Seconds> samples;
  for (int i = 0; i < seconds * 5; ++i) {
    begins.emplace_back(100 + i / 5.0 + 0.1);
    samples.emplace_back(static_cast<int>(i / 5.0 / changes_after) % 2 == 0 ? 1.0 : 1.2);
  }
  return PrecisionOfPace(begins, samples);
}

TEST(PrecisionOfPace, CountsWindowsAndNotSamples) {
  EXPECT_EQ(PrecisionOver(20.2, 100), 0);      // it never changes
  EXPECT_LT(*PrecisionOver(20.2, 0.2), 0.05);  // within windows alone
  // Five windows at 1 and five at 1.2: a deviation of 0.1 sqrt(10 / 9), t = 2.3.
  EXPECT_NEAR(*PrecisionOver(20.2, 2), 2.3 * 0.1054 / std::sqrt(10) / 1.1, 0.001);
  EXPECT_NEAR(*PrecisionOver(80.2, 2), 2.04 * 0.1013 / std::sqrt(40) / 1.1, 0.001);
}

TEST(PrecisionOfPace, TakesFiveWindows) {
  EXPECT_EQ(PrecisionOver(10, 100), std::nullopt);
  EXPECT_EQ(PrecisionOver(10.2, 100), 0);
}

}  // namespace
}  // namespace scission
