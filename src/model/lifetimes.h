// How much of a model's activations is alive at once.
#pragma once

#include <vector>

#include "model/graph.h"

namespace scission {

/// The bytes of activations that are alive while each layer runs: what it reads and writes, and
/// what passes by on its way to later layers or is an output of the model. Tensors inside a layer
/// of several nodes, and the engine's working memory, are not counted. O(layers + activations).
std::vector<Bytes> LiveBytes(const Graph& graph);

}  // namespace scission
