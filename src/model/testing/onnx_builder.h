// Small ONNX models for tests, written node by node.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "model/model.h"

namespace scission::testing {

class OnnxBuilder {
 public:
  explicit OnnxBuilder(std::int64_t opset = 13);

  /// A float32 input; a dimension below 0 is free, named by its letter: -1 'N', -2 'A', -3 'B', ...
  OnnxBuilder& Input(const std::string& name, const Shape& shape);
  OnnxBuilder& Output(const std::string& name);
  /// A float32 initializer, uniform in [-1, 1) times `scale`.
  std::string Weight(const std::string& name, const Shape& shape, Random& random, double scale = 1);
  std::string Integers(const std::string& name, const std::vector<std::int64_t>& values);
  /// Adds a node with one output of the node's name and returns it for attributes.
  onnx::NodeProto& Node(const std::string& op, const std::string& name,
                        const std::vector<std::string>& inputs);
  static void SetInts(onnx::NodeProto& node, const std::string& name,
                      const std::vector<std::int64_t>& values);
  static void SetInt(onnx::NodeProto& node, const std::string& name, std::int64_t value);

  onnx::ModelProto& proto() { return proto_; }
  onnx::GraphProto& graph() { return *proto_.mutable_graph(); }
  /// As LoadModel would make it.
  Model Make(const LoadOptions& options = {}) const;

 private:
  onnx::ModelProto proto_;
};

/// A model with random structure and random weights: convolutions, residual additions, branches
/// that join, nodes with several outputs, weights from Constant and ConstantOfShape nodes, an If
/// whose branches capture values from outside. The batch dimension is free.
onnx::ModelProto RandomModel(std::uint64_t seed, int node_count);

}  // namespace scission::testing
