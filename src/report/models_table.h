// Models side by side, one row each.
#pragma once

#include <string>
#include <vector>

#include "model/graph.h"

namespace scission {

struct ModelSummary {
  std::string name;
  std::int64_t layer_count = 0;
  std::int64_t cut_count = 0;  ///< where one tensor crosses
  std::int64_t parameters = 0;
  double gflops = 0;   ///< 10^9 operations an image
  int input_size = 0;  ///< height and width of the image
  std::string preprocessing;
};

/// What the graph of a model, for a batch of one, tells.
ModelSummary SummaryOf(const Graph& graph);

/// docs/formats.md describes the columns.
std::string ModelsText(const std::vector<ModelSummary>& models);
std::string ModelsCsv(const std::vector<ModelSummary>& models);
std::string ModelsJson(const std::vector<ModelSummary>& models);

}  // namespace scission
