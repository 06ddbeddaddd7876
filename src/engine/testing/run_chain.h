// For tests only: a model as a chain of segments.
#pragma once

#include <vector>

#include "engine/session.h"
#include "model/segment.h"

namespace scission::testing {

/// Runs `ranges` one after the other, each in a session of its own, and returns `values` with the
/// outputs of all.
inline TensorMap RunChain(const Model& model, const std::vector<LayerRange>& ranges,
                          TensorMap values, int threads = 1) {
  for (const LayerRange& range : ranges) {
    Session session(ExtractSegment(model, range), {Provider::kCpu, threads});
    session.SetInputs(values);
    session.Run();
    session.GetOutputs(values);
  }
  return values;
}

}  // namespace scission::testing
