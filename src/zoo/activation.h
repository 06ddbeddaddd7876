// Activation functions as ONNX nodes; several layers end with one.
#pragma once

#include <string>

#include "zoo/keras_builder.h"
#include "zoo/node_writer.h"

namespace scission {

/// Applies `function` to the tensor `x`; no node if it is linear.
void WriteActivation(NodeWriter& writer, const std::string& x, ActivationFunction function);

/// Of the function's output.
Moments After(ActivationFunction function, Moments x);

}  // namespace scission
