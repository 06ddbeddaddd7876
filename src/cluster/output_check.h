// Whether a pipeline answers what the unsplit model does. Pure.
#pragma once

#include <optional>
#include <string>

#include "engine/session.h"

namespace scission {

struct OutputCheck {
  std::optional<std::string> wrong;  ///< "output 'probs': element 3 is 0.5, not 0.25"
  double deviation = 0;              ///< the largest of engine/compare.h LargestDeviation
};

/// Compares every output element by element (engine/compare.h). With `is_lossy`, where a codec
/// changed values on the way, values may be any; names, types and shapes may not.
OutputCheck CheckOutputs(const TensorMap& expected, const TensorMap& outputs, bool is_lossy);

}  // namespace scission
