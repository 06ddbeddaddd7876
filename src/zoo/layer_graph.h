// A Keras functional model as data: layers, and the order in which Keras numbers them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "zoo/moments.h"

namespace scission {

class NodeWriter;

/// Shape of one value without the batch: {channels, height, width}, or {features}.
using Shape = std::vector<std::int64_t>;

/// The output of a recorded layer.
struct KerasTensor {
  int layer;  ///< index in the order of recording
};

/// One call of a Keras layer.
struct KerasLayer {
  std::string name;         ///< unique in the model; its output tensor has the same name
  std::string type;         ///< Keras's class, for example "Conv2D"
  std::vector<int> inputs;  ///< layers, in the order of the call
  Shape shape;              ///< of the output
  Moments moments;          ///< of the output, roughly
  std::function<void(NodeWriter&)> write;  ///< appends its ONNX nodes; empty for an input
};

/// The layers on which `output` depends, in the order of Keras's `model.layers`: by depth (the
/// longest way to the output), deepest first; ties in the order in which a traversal from the
/// output meets them first. O(layers + edges), plus the sort.
std::vector<int> KerasOrder(std::span<const KerasLayer> layers, KerasTensor output);

}  // namespace scission
