// For tests only: graphs of layers, without ONNX.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "model/graph.h"

namespace scission::testing {

/// One float32 input "x"; layer i is called "n<i>" and makes the tensor "t<i>"; all are of 250
/// elements, 1000 bytes. The last layer's tensor is the output.
class GraphBuilder {
 public:
  GraphBuilder() {
    graph_.activations.push_back({Spec("x")});
    graph_.inputs = {0};
  }

  /// Adds a layer that reads what the layers `inputs` make; -1 is the model's input. Returns it.
  int Add(const std::string& type, const std::vector<int>& inputs) {
    const int number = static_cast<int>(graph_.layers.size());
    Layer layer;
    layer.name = "n" + std::to_string(number);
    layer.type = type;
    layer.node_count = 1;
    for (const int input : inputs) {
      layer.inputs.push_back(input + 1);
      graph_.activations[static_cast<std::size_t>(input + 1)].last_use = number;
    }
    layer.outputs = {number + 1};
    layer.main_output = number + 1;
    graph_.layers.push_back(layer);
    graph_.activations.push_back({Spec("t" + std::to_string(number)), number});
    return number;
  }

  Layer& layer(int number) { return graph_.layers[static_cast<std::size_t>(number)]; }

  Graph Make() const {
    Graph graph = graph_;
    graph.outputs = {static_cast<int>(graph.activations.size()) - 1};
    graph.activations.back().last_use = static_cast<int>(graph.layers.size());
    return graph;
  }

 private:
  static TensorSpec Spec(const std::string& name) {
    return {name, ElementType::kFloat, {1, 10, 5, 5}};
  }

  Graph graph_;
};

inline Graph Chain(int length) {
  GraphBuilder builder;
  for (int i = 0; i < length; ++i) builder.Add("Relu", {i - 1});
  return builder.Make();
}

}  // namespace scission::testing
