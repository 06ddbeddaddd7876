// A model as Scission sees it: layers in execution order and the activations between them. Plain
// data, without weights and without ONNX.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/units.h"
#include "model/tensor.h"

namespace scission {

/// An activation: a model input or what a layer produces. Weights are not activations.
struct Activation {
  TensorSpec spec;
  int producer = -1;  ///< layer; -1: a model input
  /// Last layer that reads it; the number of layers where it is an output of the model; -1 where
  /// nothing reads it.
  int last_use = -1;
};

struct Layer {
  std::string name;
  std::string type;  ///< ONNX operator ("Conv"), or Keras layer ("Conv2D") of built-in models
  std::vector<int> inputs;   ///< activations read, each once; indices into Graph::activations
  std::vector<int> outputs;  ///< activations produced that something outside the layer reads
  /// What flows out of the layer: its first output; of an InputLayer, the model's input. -1: none.
  int main_output = -1;
  int node_count = 0;  ///< ONNX nodes; 0 for an InputLayer
  // Definitions in docs/formats.md.
  std::int64_t parameters = 0;
  Bytes weight_bytes;
  std::int64_t macs = 0;
  std::int64_t flops = 0;
};

struct Graph {
  std::vector<Activation> activations;  ///< model inputs first, then in the order of production
  std::vector<Layer> layers;
  std::vector<int> inputs;      ///< of the model, in the model's order
  std::vector<int> outputs;     ///< of the model, in the model's order
  std::int64_t parameters = 0;  ///< of the model: a weight that several layers read counts once
  Bytes weight_bytes;
};

/// A contiguous range of layers, both ends included.
struct LayerRange {
  int first = 0;
  int last = 0;
  bool operator==(const LayerRange&) const = default;
};

inline LayerRange WholeOf(const Graph& graph) {
  return {0, static_cast<int>(graph.layers.size()) - 1};
}

/// Sum of the sizes of `activations`.
Bytes SizeOf(const Graph& graph, const std::vector<int>& activations);

}  // namespace scission
