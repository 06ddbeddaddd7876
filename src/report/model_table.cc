#include "report/model_table.h"

#include <fmt/format.h>

#include <map>

#include "report/table.h"

namespace scission {
namespace {

using Json = nlohmann::ordered_json;

struct LayerRow {
  int index = 0;
  const Layer* layer = nullptr;
  const TensorSpec* output = nullptr;  ///< nullptr: the layer has none
  const Cut* cut = nullptr;            ///< behind the layer; nullptr: none
  Bytes cut_size;
};

const std::vector<Column<LayerRow>>& Columns() {
  static const std::vector<Column<LayerRow>> kColumns = {
      {"layer", [](const LayerRow& row) { return row.index; }},
      {"name", [](const LayerRow& row) { return row.layer->name; }},
      {"type", [](const LayerRow& row) { return row.layer->type; }},
      {"output_shape",
       [](const LayerRow& row) { return row.output ? Json(ToText(row.output->shape)) : Json(); }},
      {"output_bytes",
       [](const LayerRow& row) { return row.output ? Json(row.output->ByteCount()) : Json(); }},
      {"parameters", [](const LayerRow& row) { return row.layer->parameters; }},
      {"weight_bytes",
       [](const LayerRow& row) {
         return static_cast<std::int64_t>(row.layer->weight_bytes.count);
       }},
      {"macs", [](const LayerRow& row) { return row.layer->macs; }},
      {"flops", [](const LayerRow& row) { return row.layer->flops; }},
      {"cut_tensors",
       [](const LayerRow& row) { return row.cut ? Json(row.cut->activations.size()) : Json(); }},
      {"cut_bytes",
       [](const LayerRow& row) {
         return row.cut ? Json(static_cast<std::int64_t>(row.cut_size.count)) : Json();
       }},
  };
  return kColumns;
}

std::vector<LayerRow> Rows(const Graph& graph, const std::vector<Cut>& cuts) {
  std::map<int, const Cut*> cut_behind;
  for (const Cut& cut : cuts) cut_behind[cut.layer] = &cut;
  std::vector<LayerRow> rows;
  for (const Layer& layer : graph.layers) {
    LayerRow row{static_cast<int>(rows.size()), &layer};
    if (layer.main_output >= 0) {
      row.output = &graph.activations[static_cast<std::size_t>(layer.main_output)].spec;
    }
    if (const auto cut = cut_behind.find(row.index); cut != cut_behind.end()) {
      row.cut = cut->second;
      row.cut_size = SizeOf(graph, row.cut->activations);
    }
    rows.push_back(row);
  }
  return rows;
}

struct Totals {
  std::int64_t macs = 0;
  std::int64_t flops = 0;
};

Totals Sum(const Graph& graph) {
  Totals totals;
  for (const Layer& layer : graph.layers) {
    totals.macs += layer.macs;
    totals.flops += layer.flops;
  }
  return totals;
}

Json TensorJson(const TensorSpec& spec) {
  return {{"name", spec.name},
          {"type", ToText(spec.type)},
          {"shape", spec.shape},
          {"bytes", spec.ByteCount()}};
}

Json TensorsJson(const Graph& graph, const std::vector<int>& activations) {
  auto json = Json::array();
  for (const int i : activations) {
    json.push_back(TensorJson(graph.activations[static_cast<std::size_t>(i)].spec));
  }
  return json;
}

Json CutsJson(const Graph& graph, const std::vector<Cut>& cuts) {
  auto json = Json::array();
  for (const Cut& cut : cuts) {
    json.push_back({{"behind_layer", cut.layer},
                    {"bytes", static_cast<std::int64_t>(SizeOf(graph, cut.activations).count)},
                    {"tensors", TensorsJson(graph, cut.activations)}});
  }
  return json;
}

}  // namespace

std::string LayersText(const Model& model, const std::vector<Cut>& cuts) {
  const Graph& graph = model.graph();
  const Totals totals = Sum(graph);
  return CellsToText(MakeCells(Columns(), Rows(graph, cuts))) +
         fmt::format(
             "\n{}: {} layers, {} cuts, {} parameters ({:.1f} MB of weights), {:.3f} GFLOPs, opset "
             "{}\n",
             model.name(), graph.layers.size(), cuts.size(), graph.parameters,
             ToMegabytes(graph.weight_bytes), static_cast<double>(totals.flops) / 1e9,
             model.opset());
}

std::string LayersCsv(const Model& model, const std::vector<Cut>& cuts) {
  return CellsToCsv(MakeCells(Columns(), Rows(model.graph(), cuts)));
}

std::string LayersJson(const Model& model, const std::vector<Cut>& cuts) {
  const Graph& graph = model.graph();
  const Totals totals = Sum(graph);
  Json json = {{"format", "scission-model"},
               {"version", 1},
               {"name", model.name()},
               {"hash", model.Hash()},
               {"opset", model.opset()},
               {"layer_count", graph.layers.size()},
               {"cut_count", cuts.size()},
               {"parameters", graph.parameters},
               {"weight_bytes", static_cast<std::int64_t>(graph.weight_bytes.count)},
               {"macs", totals.macs},
               {"flops", totals.flops},
               {"inputs", TensorsJson(graph, graph.inputs)},
               {"outputs", TensorsJson(graph, graph.outputs)},
               {"layers", Json::array()},
               {"cuts", CutsJson(graph, cuts)}};
  for (const LayerRow& row : Rows(graph, cuts)) json["layers"].push_back(RowToJson(Columns(), row));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace scission
