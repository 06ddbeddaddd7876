#include "report/models_table.h"

#include "model/cuts.h"
#include "report/table.h"

namespace scission {
namespace {

using Json = nlohmann::ordered_json;

const std::vector<Column<ModelSummary>>& Columns() {
  static const std::vector<Column<ModelSummary>> kColumns = {
      {"name", [](const ModelSummary& row) { return row.name; }},
      {"layer_count", [](const ModelSummary& row) { return row.layer_count; }},
      {"cut_count", [](const ModelSummary& row) { return row.cut_count; }},
      {"params", [](const ModelSummary& row) { return row.parameters; }},
      {"gflops", [](const ModelSummary& row) { return row.gflops; }},
      {"input_size", [](const ModelSummary& row) { return row.input_size; }},
      {"preprocessing", [](const ModelSummary& row) { return row.preprocessing; }},
  };
  return kColumns;
}

}  // namespace

ModelSummary SummaryOf(const Graph& graph) {
  ModelSummary summary;
  summary.layer_count = static_cast<std::int64_t>(graph.layers.size());
  summary.cut_count = static_cast<std::int64_t>(FindCuts(graph).size());
  summary.parameters = graph.parameters;
  std::int64_t flops = 0;
  for (const Layer& layer : graph.layers) flops += layer.flops;
  summary.gflops = static_cast<double>(flops) / 1e9;
  return summary;
}

std::string ModelsText(const std::vector<ModelSummary>& models) {
  return CellsToText(MakeCells(Columns(), models));
}

std::string ModelsCsv(const std::vector<ModelSummary>& models) {
  return CellsToCsv(MakeCells(Columns(), models));
}

std::string ModelsJson(const std::vector<ModelSummary>& models) {
  Json json = {{"format", "scission-models"}, {"version", 1}, {"models", Json::array()}};
  for (const ModelSummary& row : models) json["models"].push_back(RowToJson(Columns(), row));
  return json.dump(2) + "\n";
}

}  // namespace scission
