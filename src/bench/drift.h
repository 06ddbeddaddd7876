// Whether the machine changed its pace. Pure functions.
#pragma once

#include <vector>

#include "base/units.h"

namespace scission {

/// How far the pace may be from the usual.
inline constexpr double kMaxDrift = 0.1;

/// Whether at least three quarters of `anchor`, samples of the whole model taken beside other
/// things, are farther than kMaxDrift from `usual`, all slower or all faster. False for fewer than
/// three samples, which are no evidence.
bool HasDrifted(const std::vector<Seconds>& anchor, Seconds usual);

/// Whether the first or the second half of `samples`, taken in this order, has drifted from the
/// median of them all.
bool ChangesPace(const std::vector<Seconds>& samples);

}  // namespace scission
