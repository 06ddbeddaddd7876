// The boxes of a model's picture: a layer each, or a block each.
#pragma once

#include <string>
#include <vector>

#include "report/graph_paint.h"

namespace scission {

struct GraphView {
  std::string title;
  bool collapse_blocks = false;  ///< a box for each block instead of each layer
  GraphPaint paint;
};

struct Unit {
  LayerRange layers;
  std::vector<std::string> lines;  ///< of its label; not escaped
  std::string tooltip;             ///< one line; not escaped
  std::string color;
};

/// In execution order; they cover the model.
std::vector<Unit> MakeUnits(const Graph& graph, const GraphView& view);

/// "1x64x112x112, 3.21 MB"
std::string TensorText(const TensorSpec& spec);

}  // namespace scission
