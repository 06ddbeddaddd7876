// A model's picture in files.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "report/graph_units.h"

namespace scission {

/// What became of one format.
struct GraphFile {
  std::filesystem::path path;
  int columns = 1;
  bool is_collapsed = false;  ///< to a box for each block
};

/// Writes `stem`.FORMAT for each of `formats` ("svg", "png", "dot"), each complete or not at all.
/// Where a picture of all layers would be too large for a bitmap, or take too long to lay out, its
/// blocks are collapsed, and `warn` is told so. Throws InputError where Graphviz is missing, or a
/// picture is too large even so.
std::vector<GraphFile> WriteGraph(const Graph& graph, const GraphView& view,
                                  const std::vector<std::string>& formats,
                                  const std::filesystem::path& stem,
                                  const std::function<void(const std::string&)>& warn);

}  // namespace scission
