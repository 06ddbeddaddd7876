#include "bench/startup.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

/// A machine on which the first run behind a pause takes longer.
class SleepyMachine : public Clock {
 public:
  Seconds Now() override { return now_; }

  std::function<void()> Subject(Seconds time, Seconds extra) {
    return [this, time, extra] {
      now_ += time + (is_asleep_ ? extra : Seconds(0));
      is_asleep_ = false;
    };
  }
  void Pause() { is_asleep_ = true; }

 private:
  Seconds now_{0};
  bool is_asleep_ = false;
};

Startup MeasuredOn(SleepyMachine& machine, const std::vector<std::function<void()>>& pieces,
                   const std::function<void()>& whole) {
  return MeasureStartup(
      pieces, whole, [&] { machine.Pause(); }, machine);
}

TEST(MeasureStartup, IsTheLineThroughTheMedianPieceAndTheWhole) {
  SleepyMachine machine;
  const Startup startup = MeasuredOn(
      machine,
      {machine.Subject(Seconds(1), Seconds(0.25)), machine.Subject(Seconds(2), Seconds(0.5)),
       machine.Subject(Seconds(8), Seconds(4))},
      machine.Subject(Seconds(12), Seconds(1.5)));
  EXPECT_NEAR(startup.part, 0.1, 1e-9);  // (1.5 - 0.5) / (12 - 2)
  EXPECT_NEAR(startup.fixed.count(), 0.5 - 0.2, 1e-9);
}

TEST(MeasureStartup, IsTheSameOfEveryRangeWhereTheWholeTakesNoLonger) {
  SleepyMachine machine;
  const Startup startup = MeasuredOn(machine, {machine.Subject(Seconds(1), Seconds(0.25))},
                                     machine.Subject(Seconds(12), Seconds(0.125)));
  EXPECT_EQ(startup.part, 0);
  EXPECT_EQ(startup.fixed, Seconds(0.25));
}

TEST(MeasureStartup, BelievesNoWholeThatScattersMoreThanItTakesLonger) {
  SleepyMachine machine;
  int runs = 0;
  const auto whole = [&] {
    const double noise[] = {0, 3, 0.5, 0, 4, 0, 0, 3, 6, 2};
    machine.Subject(Seconds(12 + noise[runs++ % 10]), Seconds(0.5))();
  };
  EXPECT_EQ(MeasuredOn(machine, {machine.Subject(Seconds(1), Seconds(0.25))}, whole).part, 0);
}

TEST(MeasureStartup, IsNeverBelowZeroNorSteep) {
  SleepyMachine machine;
  const Startup awake = MeasuredOn(machine, {machine.Subject(Seconds(1), Seconds(-0.5))},
                                   machine.Subject(Seconds(2), Seconds(-0.5)));
  EXPECT_EQ(awake.fixed, Seconds(0));
  EXPECT_EQ(awake.part, 0);
  const Startup steep = MeasuredOn(machine, {machine.Subject(Seconds(1), Seconds(0))},
                                   machine.Subject(Seconds(2), Seconds(2)));
  EXPECT_EQ(steep.fixed, Seconds(0));
  EXPECT_EQ(steep.part, kMostStartupPart);
}

TEST(MeasureStartup, WithoutPiecesIsTheWholes) {
  SleepyMachine machine;
  const Startup startup = MeasuredOn(machine, {}, machine.Subject(Seconds(12), Seconds(1.5)));
  EXPECT_NEAR(startup.fixed.count(), 1.5, 1e-9);
  EXPECT_EQ(startup.part, 0);
}

}  // namespace
}  // namespace scission
