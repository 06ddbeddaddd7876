#include "model/node_inputs.h"

#include <unordered_set>

namespace scission {
namespace {

class Collector {
 public:
  void Read(const std::string& name) {
    if (!name.empty() && seen_.insert(name).second) names.push_back(name);
  }

  void ReadCapturesOf(const onnx::GraphProto& graph) {
    std::unordered_set<std::string> own;
    for (const auto& input : graph.input()) own.insert(input.name());
    for (const auto& initializer : graph.initializer()) own.insert(initializer.name());
    for (const auto& sparse : graph.sparse_initializer()) own.insert(sparse.values().name());
    for (const auto& node : graph.node()) own.insert(node.output().begin(), node.output().end());
    for (const auto& node : graph.node()) {
      for (const std::string& name : ValuesRead(node)) {
        if (!own.contains(name)) Read(name);
      }
    }
    for (const auto& output : graph.output()) {
      if (!own.contains(output.name())) Read(output.name());
    }
  }

  std::vector<std::string> names;

 private:
  std::unordered_set<std::string> seen_;
};

}  // namespace

std::vector<std::string> ValuesRead(const onnx::NodeProto& node) {
  Collector collector;
  for (const std::string& input : node.input()) collector.Read(input);
  for (const onnx::AttributeProto& attribute : node.attribute()) {
    if (attribute.has_g()) collector.ReadCapturesOf(attribute.g());
    for (const onnx::GraphProto& graph : attribute.graphs()) collector.ReadCapturesOf(graph);
  }
  return collector.names;
}

}  // namespace scission
