// What an ONNX node reads, its subgraphs' captures included.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

namespace scission {

/// Names of the values that `node` reads from the graph around it: its inputs, and what the
/// subgraphs in its attributes (If, Loop, Scan) capture. Each once, in order of first use; omitted
/// optional inputs are left out.
std::vector<std::string> ValuesRead(const onnx::NodeProto& node);

/// Calls `visit` for `node` and for every node in its subgraphs, at any depth.
template <typename Visitor>
void ForEachNode(onnx::NodeProto& node, const Visitor& visit) {
  visit(node);
  for (onnx::AttributeProto& attribute : *node.mutable_attribute()) {
    if (attribute.has_g()) {
      for (onnx::NodeProto& inner : *attribute.mutable_g()->mutable_node())
        ForEachNode(inner, visit);
    }
    for (onnx::GraphProto& graph : *attribute.mutable_graphs()) {
      for (onnx::NodeProto& inner : *graph.mutable_node()) ForEachNode(inner, visit);
    }
  }
}
template <typename Visitor>
void ForEachNode(const onnx::NodeProto& node, const Visitor& visit) {
  visit(node);
  for (const onnx::AttributeProto& attribute : node.attribute()) {
    for (const onnx::NodeProto& inner : attribute.g().node()) ForEachNode(inner, visit);
    for (const onnx::GraphProto& graph : attribute.graphs()) {
      for (const onnx::NodeProto& inner : graph.node()) ForEachNode(inner, visit);
    }
  }
}

}  // namespace scission
