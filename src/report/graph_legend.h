// Title and legend of a model's picture.
#pragma once

#include <string>

#include "report/graph_units.h"

namespace scission {

/// A label in Graphviz's HTML-like notation, angle brackets included, for a picture of `columns`.
std::string LegendLabel(const Graph& graph, const GraphView& view, int columns);

}  // namespace scission
