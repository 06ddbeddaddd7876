// For tests only: a runner that knows nothing but a manifest and the files beside it.
#pragma once

#include <filesystem>

#include "engine/session.h"

namespace scission::testing {

/// Runs the segments in `folder` from their files, one after the other; from one to the next goes
/// what the manifest names, and nothing else. Returns the model's outputs. Throws where a file or a
/// tensor is not what the manifest says, and where the ONNX checker refuses a file.
TensorMap RunSplit(const std::filesystem::path& folder, const TensorMap& inputs);

}  // namespace scission::testing
