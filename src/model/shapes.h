// Shapes of all values: free dimensions bound, the rest inferred or traced.
#pragma once

#include <string>
#include <unordered_map>

#include "model/contents.h"

namespace scission {

/// Spec of every value of the model by name: inputs, initializers, node outputs.
using SpecMap = std::unordered_map<std::string, TensorSpec>;

/// True where the ONNX library knows every operator set that `model` imports.
bool CanInfer(const onnx::ModelProto& model);

void AddInput(onnx::GraphProto& graph, const TensorSpec& spec);

/// Gives the free dimensions of the inputs in `contents.skeleton` their sizes. Throws InputError
/// starting with `place` that names those without.
void BindDimensions(ModelContents& contents, const LoadOptions& options, const std::string& place);

/// Learns the types and shapes of all values and writes them into the skeleton's value_info and
/// outputs: by static inference up to opset 17, else, or where that leaves gaps, by
/// `options.trace_shapes`. Throws InputError if shapes stay unknown or a tensor is too large.
SpecMap LearnShapes(ModelContents& contents, const LoadOptions& options, const std::string& place);

}  // namespace scission
