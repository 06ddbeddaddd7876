#include "model/pad_before_max_pool.h"

#include <algorithm>
#include <set>
#include <string>

namespace scission {
namespace {

bool IsProducedByRelu(const onnx::GraphProto& graph, const std::string& value) {
  return std::any_of(graph.node().begin(), graph.node().end(), [&](const onnx::NodeProto& node) {
    return node.op_type() == "Relu" && node.output(0) == value;
  });
}

}  // namespace

bool HasPadBeforeMaxPool(const onnx::GraphProto& part, const onnx::GraphProto& whole) {
  std::set<std::string> padded;
  for (const onnx::NodeProto& node : part.node()) {
    if (node.op_type() == "Pad" && !IsProducedByRelu(whole, node.input(0))) {
      padded.insert(node.output(0));
    }
    if (node.op_type() == "MaxPool" && padded.contains(node.input(0))) return true;
  }
  return false;
}

}  // namespace scission
