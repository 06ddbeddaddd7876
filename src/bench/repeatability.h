// Measured twice. Pure functions.
#pragma once

#include <cstddef>
#include <vector>

#include "model/graph.h"
#include "profile/profile.h"

namespace scission {

/// At most `count` of `ranges`, evenly spaced in their order, the first and the last among them.
std::vector<LayerRange> SampleOf(const std::vector<LayerRange>& ranges, std::size_t count);

/// Compares the typical times of `again` with those of the same ranges in `before`; every one of
/// `again` must be there, and there is at least one.
Repeatability CompareTimes(const std::vector<MeasuredRange>& before,
                           const std::vector<MeasuredRange>& again);

}  // namespace scission
