// Which ranges a prediction is tried on. A pure function.
#pragma once

#include <cstdint>
#include <vector>

#include "model/graph.h"
#include "profile/profile.h"

namespace scission {

/// `count` different ranges of several blocks that were not measured, drawn at random and all as
/// likely, in the order of their layers; all of them where there are fewer. O(blocks^2 + ranges).
std::vector<LayerRange> HeldOutRanges(const ModelProfile& profile, std::size_t count,
                                      std::uint64_t seed);

}  // namespace scission
