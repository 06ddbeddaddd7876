// A model's picture as text in Graphviz's language. Pure: runs nothing, reads nothing.
#pragma once

#include <string>
#include <string_view>

#include "report/graph_units.h"

namespace scission {

struct DotGraph {
  std::string text;
  int columns = 1;  ///< into which a long chain is wrapped
};

/// A box for each layer (or block) of `graph`, an arrow for each tensor that one hands to another,
/// and at each cut a dashed box that the tensors which cross it go through. Everything that a model
/// names is quoted: it is shown as it stands.
DotGraph GraphDot(const Graph& graph, const GraphView& view);

/// `text` as a quoted string of Graphviz that stands for exactly this text, on one line.
std::string DotString(std::string_view text);

}  // namespace scission
