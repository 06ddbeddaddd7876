// Ways to tell the time of a range of blocks that was not measured, to be compared.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/effort.h"
#include "profile/profile.h"

namespace scission {

/// Seconds of every range of blocks: [first][last], last >= first.
using RangeTimes = std::vector<std::vector<double>>;

struct Estimator {
  std::string name;
  Effort effort = Effort::kNormal;  ///< what it needs to be measured
  /// Estimates of all ranges, whether they are among those of `measured` or not.
  std::function<RangeTimes(const ModelProfile& measured)> estimate;
};

/// Those that docs/measuring.md compares; the last two are what SegmentTable does.
std::vector<Estimator> Estimators();

/// The medians of a profile in which every range was measured.
RangeTimes MediansOf(const ModelProfile& exhaustive);

/// The profile with the ranges of `effort` alone.
ModelProfile Restricted(const ModelProfile& exhaustive, Effort effort);

/// The profile with every other sample of each range, from the first or from the second on.
ModelProfile HalfOf(const ModelProfile& profile, std::size_t begin);

}  // namespace scission
