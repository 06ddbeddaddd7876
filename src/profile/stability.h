// How far a measurement can be trusted.
#pragma once

#include <cstdint>
#include <string>

namespace scission {

/// What disturbed a model's measurement.
struct Stability {
  double other_load = 0;       ///< processor time of other programs, of all cores' time
  double steal = 0;            ///< taken by the hypervisor, of all cores' time
  std::int64_t throttled = 0;  ///< times that a core was slowed down for heat
  double frequency_drop = 0;   ///< of the clock, from the first to the last measured run
  int unstable_ranges = 0;     ///< MeasuredRange::is_unstable

  /// Whether nothing exceeds what changes times noticeably: 10 % of load, 5 % of steal, 10 % of
  /// frequency; no throttling, no unstable range.
  bool IsStable() const { return Reasons().empty(); }
  /// What does, for people: "other programs took 35 % of the processor; 3 ranges drifted". Empty
  /// where nothing does.
  std::string Reasons() const;
};

/// How much medians of the same ranges differ between two passes that share nothing but the model:
/// the floor under every prediction. Differences are relative to the mean of the two.
struct Repeatability {
  int ranges = 0;
  double median = 0;
  double percentile_95 = 0;
};

}  // namespace scission
