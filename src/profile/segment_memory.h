// How much memory a segment takes on a host: between what a profile tells and the planner.
#pragma once

#include "profile/profile.h"

namespace scission {

/// Of two neighbouring segments run as one, the weights add up and the larger peak counts.
struct MemoryNeed {
  Bytes weights;
  Bytes peak_activations;  ///< the most that is alive at once

  Bytes Total() const { return weights + peak_activations; }
  bool operator==(const MemoryNeed&) const = default;
};

/// Of the blocks within the layers first_layer..last_layer. Weights that several blocks read count
/// in each. Profiles that do not tell all of it: a peak is at least what the block reads and writes
/// at its cuts, and a parameter takes 4 bytes. O(blocks between them).
MemoryNeed SegmentMemory(const ModelProfile& model, int first_layer, int last_layer);

}  // namespace scission
