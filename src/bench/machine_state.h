// What else goes on on this machine, as far as Linux tells.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "profile/profile.h"

namespace scission {

/// Counters since the machine started, and what is so now.
struct MachineState {
  double busy = 0;   ///< processor time of all programs, in ticks of a hundredth of a second
  double steal = 0;  ///< taken by the hypervisor, in ticks
  double total = 0;  ///< of all cores, idle time included, in ticks
  Seconds own{0};    ///< processor time of this process
  std::int64_t throttled = 0;       ///< times that a core was slowed down for heat
  std::optional<double> frequency;  ///< now, as a fraction of the highest; mean of the cores
};

/// `root` is where /proc and /sys are looked for. What is not there stays 0.
MachineState ReadMachineState(const std::filesystem::path& root = "/");

/// What went on between two states. Knows nothing of ranges.
Stability StabilityBetween(const MachineState& before, const MachineState& after);

}  // namespace scission
