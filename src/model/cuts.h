// Where a model can be cut.
#pragma once

#include <vector>

#include "model/graph.h"

namespace scission {

/// A place behind `layer` where few activations cross.
struct Cut {
  int layer = 0;
  std::vector<int> activations;  ///< that layers behind the cut, or the model's outputs, need
};

/// Cuts of `graph` in execution order. Cut `c` separates the layers [0, c] from the rest; at most
/// `max_tensors` activations cross it, an activation with many readers counts once, and each has a
/// known size. Every block between cuts holds at least one node. O(n log n) in layers and
/// activations.
std::vector<Cut> FindCuts(const Graph& graph, int max_tensors = 1);

/// The blocks between neighbouring `cuts`, and the model's start and end.
std::vector<LayerRange> BlocksBetween(const Graph& graph, const std::vector<Cut>& cuts);

/// What crosses the border behind `layer`: the cut's activations, or the model's outputs behind the
/// last layer. O(activations).
std::vector<int> CrossingActivations(const Graph& graph, int layer);

}  // namespace scission
