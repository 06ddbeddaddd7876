// Tensors as ONNX Runtime sees them. For this module alone.
#pragma once

#include <onnxruntime_cxx_api.h>

#include <string>
#include <string_view>

#include "model/tensor.h"

namespace scission {

/// Whether its size is known before it is made.
bool IsStatic(const TensorSpec& spec);

const Ort::MemoryInfo& CpuMemory();

/// A tensor over memory that is ours; ONNX Runtime does not write to inputs and weights.
Ort::Value Wrap(const TensorSpec& spec, const char* data, std::size_t size);

TensorSpec SpecOf(const std::string& name, const Ort::Value& value);

/// Where it lies; empty where its elements have no fixed size.
std::string_view DataOf(const Ort::Value& value);

TensorValue CopyOf(const std::string& name, const Ort::Value& value);

}  // namespace scission
