#include "model/structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <queue>
#include <set>
#include <unordered_set>

#include "base/error.h"
#include "base/text.h"
#include "model/node_inputs.h"

namespace scission {
namespace {

/// Attributes whose integers must be positive whatever the operator; a zero stride makes shape
/// inference divide by it.
void CheckAttributes(const onnx::NodeProto& node, const std::string& place) {
  static const std::set<std::string_view> kPositive = {"strides", "dilations", "kernel_shape",
                                                       "group", "blocksize"};
  for (const onnx::AttributeProto& attribute : node.attribute()) {
    if (!kPositive.contains(attribute.name())) continue;
    std::vector<std::int64_t> values(attribute.ints().begin(), attribute.ints().end());
    if (attribute.has_i()) values.push_back(attribute.i());
    for (const std::int64_t value : values) {
      if (value <= 0 || value > INT32_MAX) {
        throw InputError(place, fmt::format("attribute '{}' is {}; it must be a positive number",
                                            attribute.name(), value));
      }
    }
  }
}

bool IsRandom(const onnx::NodeProto& node) {
  static const std::set<std::string_view> kRandom = {"RandomNormal",  "RandomNormalLike",
                                                     "RandomUniform", "RandomUniformLike",
                                                     "Multinomial",   "Bernoulli"};
  bool random = false;
  ForEachNode(node,
              [&](const onnx::NodeProto& inner) { random |= kRandom.contains(inner.op_type()); });
  return random;
}

class Structure {
 public:
  Structure(ModelContents& contents, const std::string& place)
      : contents_(contents), graph_(*contents.skeleton.mutable_graph()), place_(place) {}

  bool Run() {
    DropInputsThatAreInitializers();
    NameConstantsAndInputs();
    NameNodeOutputs();
    FindReaders();
    const std::vector<int> order = TopologicalOrder();
    const std::vector<int> used = WithoutDeadNodes(order);
    const bool unchanged = static_cast<int>(used.size()) == graph_.node_size() &&
                           std::is_sorted(used.begin(), used.end());
    if (!unchanged) Rearrange(used);
    FindConstantNodes();
    return unchanged;
  }

 private:
  static constexpr int kFromOutside = -1;

  // Before IR version 4 every initializer had to be listed as an input, too.
  void DropInputsThatAreInitializers() {
    constexpr std::int64_t kFirstWithoutThatRule = 4;
    contents_.skeleton.set_ir_version(
        std::max<std::int64_t>(kFirstWithoutThatRule, contents_.skeleton.ir_version()));
    std::unordered_set<std::string> initializers;
    for (const auto& tensor : graph_.initializer()) initializers.insert(tensor.name());
    for (const auto& weight : contents_.weights) initializers.insert(weight.spec.name);
    auto* inputs = graph_.mutable_input();
    inputs->erase(
        std::remove_if(inputs->begin(), inputs->end(),
                       [&](const auto& input) { return initializers.contains(input.name()); }),
        inputs->end());
  }

  void Produce(const std::string& name, int producer, const std::string& kind) {
    if (name.empty()) throw InputError(place_, kind + " has no name");
    if (!producer_.emplace(name, producer).second) {
      throw InputError(place_,
                       "the name '" + Printable(name) + "' is given to more than one value");
    }
  }

  void NameConstantsAndInputs() {
    for (const auto& tensor : graph_.initializer()) ProduceConstant(tensor.name());
    for (const auto& tensor : graph_.sparse_initializer()) ProduceConstant(tensor.values().name());
    for (const auto& weight : contents_.weights) ProduceConstant(weight.spec.name);
    for (const auto& input : graph_.input()) Produce(input.name(), kFromOutside, "an input");
  }

  void ProduceConstant(const std::string& name) {
    Produce(name, kFromOutside, "an initializer");
    constants_.insert(name);
  }

  void NameNodeOutputs() {
    for (int i = 0; i < graph_.node_size(); ++i) {
      const onnx::NodeProto& node = graph_.node(i);
      const std::string place = place_ + ": " + Describe(node, i);
      if (node.op_type().empty()) throw InputError(place, "has no operator");
      ForEachNode(node, [&](const onnx::NodeProto& inner) { CheckAttributes(inner, place); });
      for (const std::string& output : node.output()) {
        if (!output.empty()) Produce(output, i, "a node's output");
      }
    }
    for (const auto& output : graph_.output()) {
      if (!producer_.contains(output.name())) {
        throw InputError(place_,
                         "output '" + Printable(output.name()) + "' is produced by nothing");
      }
    }
  }

  void FindReaders() {
    readers_.resize(static_cast<std::size_t>(graph_.node_size()));
    sources_.resize(static_cast<std::size_t>(graph_.node_size()));
    for (int i = 0; i < graph_.node_size(); ++i) {
      for (const std::string& name : ValuesRead(graph_.node(i))) {
        const auto found = producer_.find(name);
        if (found == producer_.end()) {
          throw InputError(place_ + ": " + Describe(graph_.node(i), i),
                           "reads '" + Printable(name) + "', which nothing produces");
        }
        if (found->second == kFromOutside) continue;
        readers_[static_cast<std::size_t>(found->second)].push_back(i);
        sources_[static_cast<std::size_t>(i)].push_back(found->second);
      }
    }
  }

  /// Kahn's algorithm; of the nodes that are ready, the first in the file comes first.
  std::vector<int> TopologicalOrder() const {
    std::vector<std::size_t> waiting_for;
    std::priority_queue<int, std::vector<int>, std::greater<>> ready;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      waiting_for.push_back(sources_[i].size());
      if (sources_[i].empty()) ready.push(static_cast<int>(i));
    }
    std::vector<int> order;
    while (!ready.empty()) {
      const int node = ready.top();
      ready.pop();
      order.push_back(node);
      for (const int reader : readers_[static_cast<std::size_t>(node)]) {
        if (--waiting_for[static_cast<std::size_t>(reader)] == 0) ready.push(reader);
      }
    }
    if (order.size() < sources_.size()) FailWithCycle(waiting_for);
    return order;
  }

  [[noreturn]] void FailWithCycle(const std::vector<std::size_t>& waiting_for) const {
    const auto stuck = std::find_if(waiting_for.begin(), waiting_for.end(),
                                    [](std::size_t count) { return count > 0; });
    const int node = static_cast<int>(stuck - waiting_for.begin());
    throw InputError(place_ + ": " + Describe(graph_.node(node), node),
                     "is part of a cycle, or behind one");
  }

  std::vector<int> WithoutDeadNodes(const std::vector<int>& order) const {
    std::vector<bool> is_used(order.size(), false);
    for (const auto& output : graph_.output()) {
      const int producer = producer_.at(output.name());
      if (producer != kFromOutside) is_used[static_cast<std::size_t>(producer)] = true;
    }
    for (auto node = order.rbegin(); node != order.rend(); ++node) {
      if (!is_used[static_cast<std::size_t>(*node)]) continue;
      for (const int source : sources_[static_cast<std::size_t>(*node)]) {
        is_used[static_cast<std::size_t>(source)] = true;
      }
    }
    std::vector<int> used;
    std::copy_if(order.begin(), order.end(), std::back_inserter(used),
                 [&](int node) { return is_used[static_cast<std::size_t>(node)]; });
    return used;
  }

  void Rearrange(const std::vector<int>& order) {
    google::protobuf::RepeatedPtrField<onnx::NodeProto> nodes;
    for (const int node : order) *nodes.Add() = std::move(*graph_.mutable_node(node));
    graph_.mutable_node()->Swap(&nodes);
  }

  void FindConstantNodes() {
    for (int i = 0; i < graph_.node_size(); ++i) {
      const onnx::NodeProto& node = graph_.node(i);
      const std::vector<std::string> reads = ValuesRead(node);
      const bool is_custom_source = reads.empty() && !node.domain().empty();
      const bool is_constant =
          !is_custom_source && !IsRandom(node) &&
          std::all_of(reads.begin(), reads.end(),
                      [&](const std::string& name) { return constants_.contains(name); });
      if (!is_constant) continue;
      contents_.constant_nodes.push_back(i);
      constants_.insert(node.output().begin(), node.output().end());
    }
    if (static_cast<int>(contents_.constant_nodes.size()) == graph_.node_size()) {
      throw InputError(place_, "has no layer: nothing depends on an input");
    }
  }

  ModelContents& contents_;
  onnx::GraphProto& graph_;
  const std::string& place_;
  std::unordered_map<std::string, int> producer_;
  std::unordered_set<std::string> constants_;
  std::vector<std::vector<int>> readers_;
  std::vector<std::vector<int>> sources_;
};

}  // namespace

std::string Describe(const onnx::NodeProto& node, int index) {
  return fmt::format(
      "node {} ({})",
      node.name().empty() ? std::to_string(index) : "'" + Printable(node.name()) + "'",
      Printable(node.op_type()));
}

bool CheckAndSort(ModelContents& contents, const std::string& place) {
  return Structure(contents, place).Run();
}

}  // namespace scission
