// For tests only: an ONNX file as any user of ONNX Runtime would run it, nothing of ours between.
#pragma once

#include <filesystem>

#include "engine/session.h"

namespace scission::testing {

/// Loads `file` from its path and runs it. Exactly its inputs must be in `values`, which it takes;
/// returns its outputs. Throws Ort::Exception.
TensorMap RunFile(const std::filesystem::path& file, const TensorMap& values);

}  // namespace scission::testing
