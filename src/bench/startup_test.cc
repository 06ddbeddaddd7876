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

TEST(MeasureStartup, IsWhatTheFirstRunBehindAPauseTakesLonger) {
  SleepyMachine machine;
  const auto pause = [&] { machine.Pause(); };
  const std::vector<std::function<void()>> subjects = {machine.Subject(Seconds(1), Seconds(0.25)),
                                                       machine.Subject(Seconds(8), Seconds(0.5)),
                                                       machine.Subject(Seconds(2), Seconds(4))};
  EXPECT_EQ(MeasureStartup(subjects, pause, machine), Seconds(0.5));
}

TEST(MeasureStartup, IsNothingOnAMachineThatIsAlwaysAwake) {
  SleepyMachine machine;
  const auto pause = [&] { machine.Pause(); };
  EXPECT_EQ(MeasureStartup({machine.Subject(Seconds(1), Seconds(-0.5))}, pause, machine),
            Seconds(0));
  EXPECT_EQ(MeasureStartup({}, pause, machine), Seconds(0));
}

}  // namespace
}  // namespace scission
