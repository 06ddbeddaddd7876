#include "bench/machine_state.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace scission {
namespace {

void Write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  WriteFileAtomically(file, text);
}

TEST(MachineState, ReadsWhatLinuxTells) {
  const TemporaryFolder root;
  const auto cpus = root.path() / "sys/devices/system/cpu";
  Write(root.path() / "proc/stat", "cpu  100 10 20 800 50 3 4 13 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n");
  for (const char* core : {"cpu0", "cpu1"}) {
    Write(cpus / core / "cpufreq/cpuinfo_max_freq", "2000000\n");
    Write(cpus / core / "thermal_throttle/core_throttle_count", "3\n");
  }
  Write(cpus / "cpu0/cpufreq/scaling_cur_freq", "2000000\n");
  Write(cpus / "cpu1/cpufreq/scaling_cur_freq", "1000000\n");
  const MachineState state = ReadMachineState(root.path());
  EXPECT_EQ(state.busy, 137);
  EXPECT_EQ(state.steal, 13);
  EXPECT_EQ(state.total, 1000);
  EXPECT_EQ(state.throttled, 6);
  EXPECT_EQ(state.frequency, 0.75);
  EXPECT_GT(state.own, Seconds(0));
}

TEST(MachineState, SaysNothingOfWhatIsNotThere) {
  const TemporaryFolder root;
  const MachineState state = ReadMachineState(root.path());
  EXPECT_EQ(state.total, 0);
  EXPECT_EQ(state.throttled, 0);
  EXPECT_FALSE(state.frequency.has_value());
  EXPECT_TRUE(StabilityBetween(state, state).IsStable());
}

TEST(StabilityBetween, TakesOurOwnTimeFromTheLoad) {
  const MachineState before{.busy = 100, .steal = 5, .total = 1000, .own = Seconds(1)};
  const MachineState after{.busy = 400, .steal = 25, .total = 2000, .own = Seconds(3)};
  const Stability stability = StabilityBetween(before, after);
  EXPECT_DOUBLE_EQ(stability.other_load, 0.1);  // 300 ticks, 200 of them ours, of 1000
  EXPECT_DOUBLE_EQ(stability.steal, 0.02);
}

TEST(StabilityBetween, SeesThrottlingAndAClockThatFalls) {
  const Stability stability =
      StabilityBetween({.throttled = 2, .frequency = 1.0}, {.throttled = 5, .frequency = 0.75});
  EXPECT_EQ(stability.throttled, 3);
  EXPECT_EQ(stability.frequency_drop, 0.25);
  EXPECT_EQ(StabilityBetween({.frequency = 0.5}, {.frequency = 1.0}).frequency_drop, 0);
}

}  // namespace
}  // namespace scission
