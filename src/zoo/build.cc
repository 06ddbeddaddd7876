#include "zoo/build.h"

#include <nlohmann/json.hpp>
#include <string>

#include "zoo/architectures.h"
#include "zoo/node_writer.h"

namespace scission {
namespace {

constexpr int kIrVersion = 8;
constexpr int kOpset = 13;

/// Of photographs: their values spread over a quarter of the range around its middle.
Moments ImageMoments(Preprocessing preprocessing) {
  switch (preprocessing) {
    case Preprocessing::kCaffe:
      return {0, 64 * 64};
    case Preprocessing::kTf:
      return {0, 0.5 * 0.5};
    case Preprocessing::kTorch:
      return {0, 1};
    case Preprocessing::kNone:
      break;
  }
  return {0.5, 0.5 * 0.5 + 0.25 * 0.25};
}

onnx::ModelProto EmptyModel(const char* name) {
  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name("scission");
  model.add_opset_import()->set_version(kOpset);
  model.mutable_graph()->set_name(name);
  return model;
}

void AddMetadata(onnx::ModelProto& model, const char* key, const std::string& value) {
  onnx::StringStringEntryProto& entry = *model.add_metadata_props();
  entry.set_key(key);
  entry.set_value(value);
}

void Describe(onnx::ValueInfoProto& value, const KerasLayer& layer) {
  value.set_name(layer.name);
  auto& type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  type.mutable_shape()->add_dim()->set_dim_param("N");
  for (const std::int64_t size : layer.shape) type.mutable_shape()->add_dim()->set_dim_value(size);
}

/// What the metadata say of the layers.
struct LayerLists {
  nlohmann::json layers = nlohmann::json::array();
  nlohmann::json fixed = nlohmann::json::array();
};

/// Returns the number of nodes.
int WriteNodes(onnx::GraphProto& graph, const std::vector<KerasLayer>& layers,
               const KerasLayer& layer, std::optional<std::uint64_t> seed, LayerLists& lists) {
  std::vector<std::string> inputs;
  for (const int input : layer.inputs) inputs.push_back(layers[input].name);
  NodeWriter writer(graph, layer.name, std::move(inputs), seed);
  layer.write(writer);
  for (const std::string& name : writer.fixed()) lists.fixed.push_back(name);
  return writer.Finish();
}

/// Writes the layers that `output` needs.
LayerLists WriteLayers(onnx::GraphProto& graph, const std::vector<KerasLayer>& layers,
                       KerasTensor output, std::optional<std::uint64_t> seed) {
  LayerLists lists;
  for (const int index : KerasOrder(layers, output)) {
    const KerasLayer& layer = layers[index];
    const bool is_input = layer.inputs.empty();
    const int nodes = is_input ? 0 : WriteNodes(graph, layers, layer, seed, lists);
    Describe(is_input                ? *graph.add_input()
             : index == output.layer ? *graph.add_output()
                                     : *graph.add_value_info(),
             layer);
    lists.layers.push_back({layer.name, layer.type, nodes});
  }
  return lists;
}

}  // namespace

onnx::ModelProto BuildZooModel(const ZooEntry& entry, std::optional<std::uint64_t> seed) {
  KerasBuilder builder;
  const KerasTensor image = builder.Input("input_1", {3, entry.input_size, entry.input_size},
                                          ImageMoments(entry.preprocessing));
  const KerasTensor predictions = entry.architecture(builder, image);

  onnx::ModelProto model = EmptyModel(entry.name);
  const LayerLists lists = WriteLayers(*model.mutable_graph(), builder.layers(), predictions, seed);
  AddMetadata(model, "scission.layers", lists.layers.dump());
  AddMetadata(model, "scission.preprocessing", Name(entry.preprocessing));
  if (!lists.fixed.empty()) AddMetadata(model, "scission.fixed", lists.fixed.dump());
  return model;
}

}  // namespace scission
