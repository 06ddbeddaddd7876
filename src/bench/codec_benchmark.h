// What packing tensors for a link saves and costs on this host.
#pragma once

#include <vector>

#include "model/tensor.h"
#include "profile/profile.h"

namespace scission {

/// Packs and unpacks `tensors`, which cross a cut together, with each codec that one of them can
/// have: the others go as they are. Times are medians of `repeats` runs behind one that is not
/// timed. Nothing where no codec can be used.
std::vector<CodecFigures> MeasureCodecs(const std::vector<const TensorValue*>& tensors,
                                        int repeats = 5);

}  // namespace scission
