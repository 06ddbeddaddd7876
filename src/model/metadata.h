// Key-value pairs that a model carries.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>
#include <string_view>

namespace scission {

/// Empty where the model has no such key.
inline std::string MetadataOf(const onnx::ModelProto& model, std::string_view key) {
  for (const auto& entry : model.metadata_props()) {
    if (entry.key() == key) return entry.value();
  }
  return {};
}

}  // namespace scission
