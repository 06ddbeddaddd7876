#include "model/segment.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "model/layers.h"
#include "model/model.h"
#include "model/node_inputs.h"
#include "model/segment_writer.h"

namespace scission {
namespace {

/// Stands for the weights in memory; the engine replaces each by its name.
constexpr const char* kWeights = "weights";

/// Collects what a set of nodes needs: constants, and the nodes that make constants.
class Extractor {
 public:
  explicit Extractor(const ModelContents& contents)
      : contents_(contents), graph_(contents.skeleton.graph()) {}

  void AddNode(int node) {
    nodes_.push_back(node);
    Need(ValuesRead(graph_.node(node)));
  }
  void Need(const std::vector<std::string>& names) { needed_.insert(names.begin(), names.end()); }

  /// True where nothing but the added nodes is part of the graph.
  bool has_only_layers() const { return only_layers_; }

  SegmentParts Finish() {
    AddConstantNodes();
    SegmentParts parts;
    CopyHead(parts.onnx);
    auto* graph = parts.onnx.mutable_graph();
    for (const int node : nodes_) *graph->add_node() = graph_.node(node);
    for (const auto& tensor : graph_.initializer()) {
      if (needed_.contains(tensor.name())) *graph->add_initializer() = tensor;
    }
    for (const auto& tensor : graph_.sparse_initializer()) {
      if (needed_.contains(tensor.values().name())) *graph->add_sparse_initializer() = tensor;
    }
    for (std::size_t i = 0; i < contents_.weights.size(); ++i) {
      if (needed_.contains(contents_.weights[i].spec.name)) {
        parts.weights.push_back(static_cast<int>(i));
      }
    }
    return parts;
  }

 private:
  // Backwards, so that what a constant node reads is asked for before its producer is visited.
  void AddConstantNodes() {
    const auto layer_nodes = static_cast<std::ptrdiff_t>(nodes_.size());
    const auto& constants = contents_.constant_nodes;
    for (auto node = constants.rbegin(); node != constants.rend(); ++node) {
      const auto& outputs = graph_.node(*node).output();
      if (std::any_of(outputs.begin(), outputs.end(),
                      [&](const std::string& name) { return needed_.contains(name); })) {
        AddNode(*node);
      }
    }
    only_layers_ = static_cast<std::ptrdiff_t>(nodes_.size()) == layer_nodes;
    std::sort(nodes_.begin(), nodes_.end());
  }

  void CopyHead(onnx::ModelProto& model) const {
    const onnx::ModelProto& whole = contents_.skeleton;
    model.set_ir_version(whole.ir_version());
    model.set_producer_name("scission");
    *model.mutable_opset_import() = whole.opset_import();
    *model.mutable_functions() = whole.functions();
    model.mutable_graph()->set_name(graph_.name().empty() ? "graph" : graph_.name());
  }

  const ModelContents& contents_;
  const onnx::GraphProto& graph_;
  std::vector<int> nodes_;
  std::unordered_set<std::string> needed_;
  bool only_layers_ = true;
};

onnx::ValueInfoProto ToOnnx(const TensorSpec& spec) {
  onnx::ValueInfoProto value;
  value.set_name(spec.name);
  auto* type = value.mutable_type()->mutable_tensor_type();
  type->set_elem_type(static_cast<int>(spec.type));
  type->mutable_shape();
  for (const std::int64_t size : spec.shape) {
    auto* dimension = type->mutable_shape()->add_dim();
    if (!spec.is_dynamic) dimension->set_dim_value(size);
  }
  return value;
}

bool IsIn(int layer, LayerRange range) { return range.first <= layer && layer <= range.last; }

/// Activations that the layers of `range` read and do not produce; for the whole model, its inputs.
std::vector<int> InputsOf(const Graph& graph, LayerRange range) {
  if (range == WholeOf(graph)) return graph.inputs;
  std::vector<int> inputs;
  for (int layer = range.first; layer <= range.last; ++layer) {
    for (const int input : graph.layers[static_cast<std::size_t>(layer)].inputs) {
      if (!IsIn(graph.activations[static_cast<std::size_t>(input)].producer, range)) {
        inputs.push_back(input);
      }
    }
  }
  std::sort(inputs.begin(), inputs.end());
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
  return inputs;
}

std::vector<int> OutputsOf(const Graph& graph, LayerRange range) {
  if (range == WholeOf(graph)) return graph.outputs;
  std::vector<int> outputs;
  for (std::size_t i = 0; i < graph.activations.size(); ++i) {
    const Activation& activation = graph.activations[i];
    if (IsIn(activation.producer, range) && activation.last_use > range.last) {
      outputs.push_back(static_cast<int>(i));
    }
  }
  return outputs;
}

std::vector<TensorSpec> SpecsOf(const Graph& graph, const std::vector<int>& activations) {
  std::vector<TensorSpec> specs;
  for (const int i : activations) {
    specs.push_back(graph.activations[static_cast<std::size_t>(i)].spec);
  }
  return specs;
}

void CopyMetadata(const Model& model, LayerRange range, bool has_only_layers,
                  onnx::ModelProto& part) {
  const bool has_layers = !model.Metadata(kLayersKey).empty();
  for (const auto& entry : model.contents().skeleton.metadata_props()) {
    if (entry.key() != kLayersKey) *part.add_metadata_props() = entry;
  }
  if (!has_layers || !has_only_layers) return;
  auto layers = nlohmann::json::array();
  for (int i = range.first; i <= range.last; ++i) {
    const Layer& layer = model.graph().layers[static_cast<std::size_t>(i)];
    layers.push_back({layer.name, layer.type, layer.node_count});
  }
  auto* entry = part.add_metadata_props();
  entry->set_key(kLayersKey);
  entry->set_value(layers.dump());
}

void SetExternal(const Weight& weight, const std::string& location, std::size_t offset,
                 onnx::TensorProto& tensor) {
  tensor.set_name(weight.spec.name);
  tensor.set_data_type(static_cast<int>(weight.spec.type));
  for (const std::int64_t size : weight.spec.shape) tensor.add_dims(size);
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  const auto add = [&](const char* key, const std::string& value) {
    auto* entry = tensor.add_external_data();
    entry->set_key(key);
    entry->set_value(value);
  };
  add("location", location);
  add("offset", std::to_string(offset));
  add("length", std::to_string(weight.data.size()));
}

}  // namespace

std::size_t AlignedOffset(std::size_t written) {
  constexpr std::size_t kPage = 4096;
  return (written + kPage - 1) / kPage * kPage;
}

SegmentModel ReferToWeights(const ModelContents& contents, SegmentParts parts,
                            const std::string& location) {
  SegmentModel segment;
  std::size_t end = 0;
  for (const int index : parts.weights) {
    const Weight& weight = contents.weights[static_cast<std::size_t>(index)];
    const std::size_t offset = AlignedOffset(end);
    SetExternal(weight, location, offset, *parts.onnx.mutable_graph()->add_initializer());
    segment.weights.push_back({weight.spec, weight.data});
    end = offset + weight.data.size();
  }
  segment.onnx = parts.onnx.SerializeAsString();
  return segment;
}

SegmentParts MakeParts(const Model& model, LayerRange range) {
  const ModelContents& contents = model.contents();
  const Graph& graph = model.graph();
  Extractor extractor(contents);
  for (int layer = range.first; layer <= range.last; ++layer) {
    for (const int node : contents.layer_nodes[static_cast<std::size_t>(layer)]) {
      extractor.AddNode(node);
    }
  }
  const std::vector<TensorSpec> outputs = SpecsOf(graph, OutputsOf(graph, range));
  for (const TensorSpec& output : outputs) extractor.Need({output.name});  // may be constant
  SegmentParts parts = extractor.Finish();
  for (const TensorSpec& input : SpecsOf(graph, InputsOf(graph, range))) {
    *parts.onnx.mutable_graph()->add_input() = ToOnnx(input);
  }
  for (const TensorSpec& output : outputs) {
    *parts.onnx.mutable_graph()->add_output() = ToOnnx(output);
  }
  CopyMetadata(model, range, extractor.has_only_layers(), parts.onnx);
  return parts;
}

SegmentModel ExtractSegment(const Model& model, LayerRange range) {
  SegmentModel segment = ReferToWeights(model.contents(), MakeParts(model, range), kWeights);
  segment.inputs = SpecsOf(model.graph(), InputsOf(model.graph(), range));
  segment.outputs = SpecsOf(model.graph(), OutputsOf(model.graph(), range));
  return segment;
}

SegmentModel TracingModel(const ModelContents& contents) {
  const onnx::GraphProto& graph = contents.skeleton.graph();
  Extractor extractor(contents);
  for (int i = 0; i < graph.node_size(); ++i) {
    if (!std::binary_search(contents.constant_nodes.begin(), contents.constant_nodes.end(), i)) {
      extractor.AddNode(i);
    }
  }
  for (const auto& node : graph.node()) {
    extractor.Need({node.output().begin(), node.output().end()});
  }
  SegmentParts parts = extractor.Finish();
  std::vector<TensorSpec> inputs;
  for (const auto& input : graph.input()) {
    *parts.onnx.mutable_graph()->add_input() = input;
    const auto& type = input.type().tensor_type();
    inputs.push_back({input.name(), static_cast<ElementType>(type.elem_type()), {}});
    for (const auto& dimension : type.shape().dim()) {
      inputs.back().shape.push_back(dimension.dim_value());
    }
  }
  std::vector<TensorSpec> outputs;
  for (const auto& node : graph.node()) {
    for (const std::string& output : node.output()) {
      if (output.empty()) continue;
      parts.onnx.mutable_graph()->add_output()->set_name(output);
      outputs.push_back({output, ElementType::kUnknown, {}});
    }
  }
  SegmentModel segment = ReferToWeights(contents, std::move(parts), kWeights);
  segment.inputs = std::move(inputs);
  segment.outputs = std::move(outputs);
  return segment;
}

}  // namespace scission
