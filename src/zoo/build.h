// A built-in model as ONNX.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <optional>

#include "zoo/zoo.h"

namespace scission {

/// The model `entry` with random weights, a function of `seed` and of each tensor's name alone;
/// without a seed, weights above a kilobyte have no values (LoadOptions::allow_missing_values).
/// Opset 13, NCHW, float32, the batch a free dimension "N". Nodes stand grouped by layer in
/// Keras's order; the output tensor of a layer has the layer's name; constants are initializers.
/// Parameters are the float initializers of rank 1 and more but those in "scission.fixed".
/// Metadata:
///   "scission.layers"         JSON: [["input_1", "InputLayer", 0], ["conv1", "Conv2D", 2], ...],
///                             name, Keras's type, number of nodes
///   "scission.preprocessing"  a name of image/preprocessing.h
///   "scission.fixed"          JSON: names of the initializers that are no parameters, such as the
///                             ones that stand for the scale of a batch normalisation without it;
///                             absent where there are none
/// Takes 1 ns a weight and their memory, 4 bytes each (vgg19: 575 MB).
onnx::ModelProto BuildZooModel(const ZooEntry& entry, std::optional<std::uint64_t> seed);

}  // namespace scission
