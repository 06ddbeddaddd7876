#include "bench/measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/random.h"

namespace scission {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;

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

/// A machine whose pace is another one in each round.
class Machine {
 public:
  explicit Machine(double wander) : wander_(wander) {}

  /// Takes a tenth of the anchor, times the pace, and up to `noise` of it more or less.
  std::function<void()> Subject(double noise) {
    return [this, noise] { Run(1, noise); };
  }

  InterleavedSamples Measure(const std::vector<std::function<void()>>& subjects,
                             double noise_of_anchor) {
    const auto anchor = [this, noise_of_anchor, is_first = true]() mutable {
      if (is_first) pace_ = 1 + wander_ * random_.Uniform();
      is_first = !is_first;
      Run(10, noise_of_anchor);
    };
    return MeasureInterleaved(subjects, anchor, {}, clock_);
  }

 private:
  void Run(double seconds, double noise) {
    clock_.now += Seconds(seconds * pace_ * (1 + noise * random_.Uniform(-1, 1)));
  }

  double wander_;
  double pace_ = 1;
  Random random_{1};
  ManualClock clock_;
};

constexpr MeasureOptions kDefaults;

TEST(MeasureInterleaved, IsDoneEarlyOnASteadyMachine) {
  Machine machine(0);
  const auto samples = machine.Measure({machine.Subject(0.005), machine.Subject(0.005)}, 0.005);
  EXPECT_THAT(samples.subjects, Each(SizeIs(kDefaults.min_rounds)));
  EXPECT_THAT(samples.anchor, SizeIs(kDefaults.min_rounds));
}

TEST(MeasureInterleaved, IsDoneEarlyWhereOnlyThePaceIsUnsteady) {
  Machine machine(0.2);
  const auto samples = machine.Measure({machine.Subject(0.005), machine.Subject(0.005)}, 0.005);
  EXPECT_THAT(samples.subjects, Each(SizeIs(kDefaults.min_rounds)));
  EXPECT_THAT(samples.anchor, SizeIs(kDefaults.min_rounds));
}

TEST(MeasureInterleaved, GoesOnWithASubjectThatIsUnsteadyItself) {
  Machine machine(0.2);
  const auto samples = machine.Measure(
      {machine.Subject(0.005), machine.Subject(0.2), machine.Subject(0.005)}, 0.005);
  EXPECT_THAT(samples.subjects[0], SizeIs(kDefaults.min_rounds));
  EXPECT_THAT(samples.subjects[1], SizeIs(kDefaults.max_rounds));
  EXPECT_THAT(samples.subjects[2], SizeIs(kDefaults.min_rounds));
  EXPECT_THAT(samples.anchor, SizeIs(kDefaults.max_rounds));  // so that each round has its pace
}

TEST(MeasureInterleaved, GoesOnWhereTheAnchorIsUnsteadyItself) {
  Machine machine(0);
  const auto samples = machine.Measure({machine.Subject(0.005), machine.Subject(0.005)}, 0.2);
  EXPECT_THAT(samples.subjects, Each(SizeIs(kDefaults.max_rounds)));
}

}  // namespace
}  // namespace scission
