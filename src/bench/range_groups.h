// Which ranges of a model are measured together. Pure functions.
#pragma once

#include <vector>

#include "model/graph.h"

namespace scission {

/// Weights of the layers of `range`.
Bytes WeightsOf(const Graph& graph, LayerRange range);

/// The model from its start to its end, cut wherever one of `ranges` begins or ends.
std::vector<LayerRange> ChainThrough(const Graph& graph, const std::vector<LayerRange>& ranges);

/// Distributes all of `ranges` so that the weights of each group are `budget` at most, but for
/// ranges that are larger than it alone; few groups, by first fit, the largest ranges first. Prefix
/// and suffix of one cut fill a budget of the model's weights, so they come together.
std::vector<std::vector<LayerRange>> GroupByWeights(const Graph& graph,
                                                    std::vector<LayerRange> ranges, Bytes budget);

}  // namespace scission
