#include "zoo/node_writer.h"

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <cassert>
#include <functional>
#include <numeric>

#include "model/contents.h"

namespace scission {
namespace {

void Set(onnx::AttributeProto& attribute, std::int64_t value) {
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

void Set(onnx::AttributeProto& attribute, float value) {
  attribute.set_type(onnx::AttributeProto::FLOAT);
  attribute.set_f(value);
}

void Set(onnx::AttributeProto& attribute, const Integers& values) {
  attribute.set_type(onnx::AttributeProto::INTS);
  attribute.mutable_ints()->Assign(values.begin(), values.end());
}

std::size_t ElementsOf(const Integers& shape) {
  return static_cast<std::size_t>(
      std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies()));
}

}  // namespace

NodeWriter::NodeWriter(onnx::GraphProto& graph, std::string layer, std::vector<std::string> inputs,
                       std::optional<std::uint64_t> seed)
    : graph_(graph),
      layer_(std::move(layer)),
      inputs_(std::move(inputs)),
      seed_(seed),
      nodes_before_(graph.node_size()) {}

std::string NodeWriter::Node(const std::string& op, const std::vector<std::string>& inputs,
                             const Attributes& attributes) {
  const int count = ++op_counts_[op];
  std::string name = layer_ + "/" + op + (count > 1 ? fmt::format("_{}", count) : "");

  onnx::NodeProto& node = *graph_.add_node();
  node.set_name(name);
  node.set_op_type(op);
  node.mutable_input()->Assign(inputs.begin(), inputs.end());
  node.add_output(name);
  for (const auto& [key, value] : attributes) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(key);
    std::visit([&](const auto& held) { Set(attribute, held); }, value);
  }
  return name;
}

std::string NodeWriter::Weights(const std::string& what, const Integers& shape,
                                UniformRange range) {
  onnx::TensorProto& tensor = AddFloats(what, shape);
  const std::size_t count = ElementsOf(shape);
  if (seed_ || count * sizeof(float) <= kInlineWeightBytes) {
    tensor.set_raw_data(RandomFloats(count, range, seed_.value_or(0), tensor.name()));
  }
  return tensor.name();
}

std::string NodeWriter::Fixed(const std::string& what, const Integers& shape, float value) {
  onnx::TensorProto& tensor = AddFloats(what, shape);
  const std::vector<float> values(ElementsOf(shape), value);
  tensor.set_raw_data(values.data(), values.size() * sizeof(value));
  fixed_.push_back(tensor.name());
  return tensor.name();
}

std::string NodeWriter::Scalar(const std::string& what, float value) {
  onnx::TensorProto& tensor = AddFloats(what, {});
  tensor.set_raw_data(&value, sizeof(value));
  return tensor.name();
}

std::string NodeWriter::IntegerList(const std::string& what, const Integers& values) {
  onnx::TensorProto& tensor = AddConstant(what);
  tensor.set_data_type(onnx::TensorProto::INT64);
  tensor.add_dims(static_cast<std::int64_t>(values.size()));
  tensor.set_raw_data(values.data(), values.size() * sizeof(values.front()));
  return tensor.name();
}

int NodeWriter::Finish() {
  const int count = graph_.node_size() - nodes_before_;
  assert(count > 0);
  graph_.mutable_node()->rbegin()->set_output(0, layer_);
  return count;
}

onnx::TensorProto& NodeWriter::AddFloats(const std::string& what, const Integers& shape) {
  onnx::TensorProto& tensor = AddConstant(what);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.mutable_dims()->Assign(shape.begin(), shape.end());
  return tensor;
}

onnx::TensorProto& NodeWriter::AddConstant(const std::string& what) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(layer_ + "/" + what);
  return tensor;
}

}  // namespace scission
