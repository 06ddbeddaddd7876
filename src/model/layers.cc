#include "model/layers.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_set>

#include "model/costs.h"
#include "model/metadata.h"
#include "model/node_inputs.h"

namespace scission {
namespace {

struct LayerEntry {
  std::string name;
  std::string type;
  int node_count = 0;
};

/// The entries of the metadata, or nothing where they do not fit `node_count` nodes: another tool
/// may have changed the graph and left the metadata.
std::vector<LayerEntry> EntriesFromMetadata(const onnx::ModelProto& model) {
  const auto json = nlohmann::json::parse(MetadataOf(model, kLayersKey), nullptr, false);
  if (!json.is_array()) return {};
  std::vector<LayerEntry> entries;
  std::int64_t total = 0;
  for (const auto& item : json) {
    const bool is_entry = item.is_array() && item.size() == 3 && item[0].is_string() &&
                          item[1].is_string() && item[2].is_number_unsigned();
    if (!is_entry || item[2] > model.graph().node_size()) return {};
    entries.push_back({item[0], item[1], item[2]});
    total += entries.back().node_count;
  }
  return total == model.graph().node_size() ? entries : std::vector<LayerEntry>();
}

std::unordered_set<std::string> FixedConstants(const onnx::ModelProto& model) {
  const auto json = nlohmann::json::parse(MetadataOf(model, kFixedKey), nullptr, false);
  std::unordered_set<std::string> names;
  if (!json.is_array()) return names;
  for (const auto& name : json) {
    if (name.is_string()) names.insert(name);
  }
  return names;
}

std::vector<LayerEntry> EntryPerNode(const ModelContents& contents) {
  const auto& graph = contents.skeleton.graph();
  std::vector<LayerEntry> entries;
  for (int i = 0; i < graph.node_size(); ++i) {
    const bool is_constant =
        std::binary_search(contents.constant_nodes.begin(), contents.constant_nodes.end(), i);
    const onnx::NodeProto& node = graph.node(i);
    const std::string type =
        node.domain().empty() ? node.op_type() : node.domain() + "." + node.op_type();
    // A constant node gets an entry without a name, so that the counts add up.
    entries.push_back({is_constant           ? ""
                       : node.name().empty() ? node.output(0)
                                             : node.name(),
                       is_constant ? "" : type, 1});
  }
  return entries;
}

class GraphBuilder {
 public:
  GraphBuilder(ModelContents& contents, const SpecMap& specs)
      : contents_(contents),
        onnx_(contents.skeleton.graph()),
        specs_(specs),
        fixed_(FixedConstants(contents.skeleton)) {
    for (const int node : contents.constant_nodes) {
      is_constant_node_.insert(node);
      const auto& outputs = onnx_.node(node).output();
      constants_.insert(outputs.begin(), outputs.end());
    }
    for (const auto& tensor : onnx_.initializer()) constants_.insert(tensor.name());
    for (const auto& tensor : onnx_.sparse_initializer()) constants_.insert(tensor.values().name());
    for (const Weight& weight : contents.weights) constants_.insert(weight.spec.name);
  }

  Graph Run(const std::vector<LayerEntry>& entries) {
    for (const auto& input : onnx_.input()) {
      graph_.inputs.push_back(AddActivation(input.name(), -1));
    }
    AddLayers(entries);
    FindActivations();
    FindUses();
    for (std::size_t i = 0; i < graph_.layers.size(); ++i) Describe(i);
    SumWeights();
    return std::move(graph_);
  }

 private:
  void AddLayers(const std::vector<LayerEntry>& entries) {
    int node = 0;
    for (const LayerEntry& entry : entries) {
      std::vector<int> nodes;
      for (int i = 0; i < entry.node_count; ++i, ++node) {
        if (!is_constant_node_.contains(node)) nodes.push_back(node);
      }
      if (nodes.empty() && entry.node_count > 0) continue;
      Layer layer;
      layer.name = entry.name;
      layer.type = entry.type;
      layer.node_count = static_cast<int>(nodes.size());
      graph_.layers.push_back(std::move(layer));
      contents_.layer_nodes.push_back(std::move(nodes));
    }
  }

  int AddActivation(const std::string& name, int producer) {
    const int index = static_cast<int>(graph_.activations.size());
    graph_.activations.push_back({specs_.at(name), producer, -1});
    index_[name] = index;
    return index;
  }

  /// Layer of every value that a node produces, to tell what leaves its layer.
  std::map<std::string, int> Producers() const {
    std::map<std::string, int> producers;
    ForEachLayerNode([&](int layer, const onnx::NodeProto& node) {
      for (const std::string& output : node.output()) producers[output] = layer;
    });
    return producers;
  }

  void FindActivations() {
    const std::map<std::string, int> producers = Producers();
    std::unordered_set<std::string> leaving;
    ForEachLayerNode([&](int layer, const onnx::NodeProto& node) {
      for (const std::string& name : ValuesRead(node)) {
        const auto producer = producers.find(name);
        if (producer != producers.end() && producer->second != layer) leaving.insert(name);
      }
    });
    for (const auto& output : onnx_.output()) leaving.insert(output.name());
    ForEachLayerNode([&](int layer, const onnx::NodeProto& node) {
      bool is_first_of_node = true;
      for (const std::string& output : node.output()) {
        if (!leaving.contains(output)) continue;
        const int index = AddActivation(output, layer);
        Layer& owner = graph_.layers[static_cast<std::size_t>(layer)];
        owner.outputs.push_back(index);
        if (is_first_of_node) owner.main_output = index;
        is_first_of_node = false;
      }
    });
  }

  void FindUses() {
    ForEachLayerNode([&](int layer, const onnx::NodeProto& node) {
      for (const std::string& name : ValuesRead(node)) {
        const auto found = index_.find(name);
        if (found == index_.end()) continue;
        Activation& activation = graph_.activations[static_cast<std::size_t>(found->second)];
        if (activation.producer == layer) continue;
        activation.last_use = layer;
        auto& inputs = graph_.layers[static_cast<std::size_t>(layer)].inputs;
        if (std::find(inputs.begin(), inputs.end(), found->second) == inputs.end()) {
          inputs.push_back(found->second);
        }
      }
    });
    for (const auto& output : onnx_.output()) {
      // A constant output is not an activation; the last segment produces it.
      if (!index_.contains(output.name())) AddActivation(output.name(), LastLayer());
      const int index = index_.at(output.name());
      graph_.outputs.push_back(index);
      graph_.activations[static_cast<std::size_t>(index)].last_use = LastLayer() + 1;
    }
  }

  void Describe(std::size_t index) {
    Layer& layer = graph_.layers[index];
    if (layer.node_count == 0 && !graph_.inputs.empty()) layer.main_output = graph_.inputs[0];
    std::int64_t elementwise = 0;
    std::set<std::string> weights;
    for (const int node : contents_.layer_nodes[index]) {
      const NodeCost cost = CostOf(onnx_.node(node), specs_);
      layer.macs += cost.macs;
      elementwise += cost.macs > 0 ? 0 : cost.flops;
      for (const std::string& name : ValuesRead(onnx_.node(node))) {
        if (constants_.contains(name)) weights.insert(name);
      }
    }
    // The bias and activation inside a convolution or dense layer do not count, as is the custom.
    layer.flops = layer.macs > 0 ? 2 * layer.macs : elementwise;
    for (const std::string& name : weights) {
      layer.parameters += ParametersOf(name);
      layer.weight_bytes += SizeOfConstant(name);
    }
    weights_.merge(weights);
  }

  void SumWeights() {
    for (const std::string& name : weights_) {
      graph_.parameters += ParametersOf(name);
      graph_.weight_bytes += SizeOfConstant(name);
    }
  }

  /// Scalars (bounds of Clip, quantisation scales) and integers (shapes, axes) are no parameters.
  std::int64_t ParametersOf(const std::string& name) const {
    const auto spec = specs_.find(name);
    if (spec == specs_.end() || spec->second.shape.empty() || fixed_.contains(name)) return 0;
    const ElementType type = spec->second.type;
    const bool is_quantised =
        BitsPerElement(type) <= 8 && type != ElementType::kBool && type != ElementType::kString;
    return IsFloatingPoint(type) || is_quantised ? ElementCount(spec->second.shape, name) : 0;
  }

  Bytes SizeOfConstant(const std::string& name) const {
    const auto spec = specs_.find(name);
    return spec == specs_.end() ? Bytes{} : spec->second.Size();
  }

  template <typename Visitor>
  void ForEachLayerNode(const Visitor& visit) const {
    for (std::size_t layer = 0; layer < contents_.layer_nodes.size(); ++layer) {
      for (const int node : contents_.layer_nodes[layer]) {
        visit(static_cast<int>(layer), onnx_.node(node));
      }
    }
  }

  int LastLayer() const { return static_cast<int>(graph_.layers.size()) - 1; }

  ModelContents& contents_;
  const onnx::GraphProto& onnx_;
  const SpecMap& specs_;
  const std::unordered_set<std::string> fixed_;
  Graph graph_;
  std::set<int> is_constant_node_;
  std::unordered_set<std::string> constants_;
  std::set<std::string> weights_;
  std::unordered_map<std::string, int> index_;
};

}  // namespace

Graph BuildGraph(ModelContents& contents, const SpecMap& specs, bool use_metadata) {
  std::vector<LayerEntry> entries;
  if (use_metadata) entries = EntriesFromMetadata(contents.skeleton);
  if (entries.empty()) entries = EntryPerNode(contents);
  return GraphBuilder(contents, specs).Run(entries);
}

}  // namespace scission
