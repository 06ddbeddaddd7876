#include "bench/machine_state.h"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace scission {
namespace {

namespace fs = std::filesystem;

constexpr double kTicksPerSecond = 100;  // USER_HZ of every Linux that ONNX Runtime runs on

double NumberIn(const fs::path& file) {
  std::ifstream stream(file);
  double number = 0;
  stream >> number;
  return number;
}

/// The line "cpu user nice system idle iowait irq softirq steal ..." of /proc/stat (proc(5)).
void ReadTimes(const fs::path& file, MachineState& state) {
  std::ifstream stream(file);
  std::string word;
  double user = 0;
  double nice = 0;
  double system = 0;
  double idle = 0;
  double wait = 0;
  double irq = 0;
  double soft_irq = 0;
  stream >> word >> user >> nice >> system >> idle >> wait >> irq >> soft_irq >> state.steal;
  state.busy = user + nice + system + irq + soft_irq;
  state.total = state.busy + idle + wait + state.steal;
}

void ReadCores(const fs::path& folder, MachineState& state) {
  std::error_code error;
  double sum = 0;
  int count = 0;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const fs::path& core = entry.path();
    state.throttled +=
        static_cast<std::int64_t>(NumberIn(core / "thermal_throttle/core_throttle_count"));
    const double highest = NumberIn(core / "cpufreq/cpuinfo_max_freq");
    if (highest <= 0) continue;
    sum += NumberIn(core / "cpufreq/scaling_cur_freq") / highest;
    ++count;
  }
  if (count > 0) state.frequency = sum / count;
}

Seconds OwnTime() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return Seconds(static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

MachineState ReadMachineState(const fs::path& root) {
  MachineState state;
  ReadTimes(root / "proc/stat", state);
  ReadCores(root / "sys/devices/system/cpu", state);
  state.own = OwnTime();
  return state;
}

Stability StabilityBetween(const MachineState& before, const MachineState& after) {
  Stability stability;
  const double total = after.total - before.total;
  if (total > 0) {
    const double own = (after.own - before.own).count() * kTicksPerSecond;
    stability.other_load = std::max(0.0, after.busy - before.busy - own) / total;
    stability.steal = (after.steal - before.steal) / total;
  }
  stability.throttled = after.throttled - before.throttled;
  if (before.frequency.value_or(0) > 0 && after.frequency) {
    stability.frequency_drop = std::max(0.0, 1 - *after.frequency / *before.frequency);
  }
  return stability;
}

}  // namespace scission
