#include "runner/testing/served_models.h"

#include "model/testing/onnx_builder.h"

namespace scission::testing {
namespace {

void SetType(onnx::ValueInfoProto& value, int type) {
  value.mutable_type()->mutable_tensor_type()->set_elem_type(type);
}

void AddScalar(OnnxBuilder& builder, const std::string& name, float value) {
  auto* tensor = builder.graph().add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::FLOAT);
  tensor->add_float_data(value);
}

OnnxBuilder IntegerBuilder(std::int64_t opset) {
  OnnxBuilder builder(opset);
  builder.Input("x", {1, 2}).Output("y");
  SetType(*builder.graph().mutable_input(0), onnx::TensorProto::INT64);
  SetType(*builder.graph().mutable_output(0), onnx::TensorProto::INT64);
  return builder;
}

/// A value that a loop's body has as input or output.
void Declare(onnx::ValueInfoProto* value, const std::string& name, int type) {
  value->set_name(name);
  SetType(*value, type);
  value->mutable_type()->mutable_tensor_type()->mutable_shape();
}

void AddNode(onnx::GraphProto& graph, const std::string& op, const std::string& input,
             const std::string& output) {
  auto* node = graph.add_node();
  node->set_op_type(op);
  node->add_input(input);
  node->add_output(output);
}

/// "turns" many turns, each of which does next to nothing.
void AddLoop(OnnxBuilder& builder) {
  AddScalar(builder, "start", 1);
  auto& loop = builder.Node("Loop", "looped", {"turns", "", "start"});
  auto* attribute = loop.add_attribute();
  attribute->set_name("body");
  attribute->set_type(onnx::AttributeProto::GRAPH);
  auto& body = *attribute->mutable_g();
  body.set_name("body");
  Declare(body.add_input(), "turn", onnx::TensorProto::INT64);
  Declare(body.add_input(), "go_in", onnx::TensorProto::BOOL);
  Declare(body.add_input(), "value_in", onnx::TensorProto::FLOAT);
  AddNode(body, "Identity", "go_in", "go_out");
  AddNode(body, "Sqrt", "value_in", "value_out");
  Declare(body.add_output(), "go_out", onnx::TensorProto::BOOL);
  Declare(body.add_output(), "value_out", onnx::TensorProto::FLOAT);
  builder.Node("Mul", "y", {"x", "looped"});
}

}  // namespace

onnx::ModelProto CrashingModel() {
  OnnxBuilder builder = IntegerBuilder(13);
  builder.Node("Div", "y", {"x", builder.Integers("minus_one", {-1})});
  return builder.proto();
}

onnx::ModelProto CrashingAtOnce() {
  OnnxBuilder builder = IntegerBuilder(18);  // one whose shapes are learnt by running it
  builder.Node("Sub", "zero", {"x", "x"});
  builder.Node("Add", "smallest", {"zero", builder.Integers("min", {INT64_MIN})});
  builder.Node("Div", "y", {"smallest", builder.Integers("minus_one", {-1})});
  return builder.proto();
}

onnx::ModelProto LoopingModel() {
  OnnxBuilder builder;
  builder.Input("x", {1}).Output("y");
  auto& turns = builder.Node("Cast", "turns", {"x"});
  OnnxBuilder::SetInt(turns, "to", onnx::TensorProto::INT64);
  AddLoop(builder);
  return builder.proto();
}

onnx::ModelProto LoopingAtOnce() {
  OnnxBuilder builder;
  builder.Input("x", {1}).Output("y");
  builder.Integers("turns", {INT64_MAX});
  AddLoop(builder);
  return builder.proto();
}

onnx::ModelProto CountingModel() {
  OnnxBuilder builder;
  builder.Input("x", {}).Output("y");
  AddScalar(builder, "zero", 0);
  AddScalar(builder, "one", 1);
  AddScalar(builder, "hundred", 100);
  builder.Node("Mul", "limit", {"x", "hundred"});
  builder.Node("Range", "y", {"zero", "limit", "one"});
  return builder.proto();
}

onnx::ModelProto TextModel() {
  OnnxBuilder builder;
  builder.Input("x", {1, 2}).Output("y");
  SetType(*builder.graph().mutable_output(0), onnx::TensorProto::STRING);
  auto& text = builder.Node("Cast", "y", {"x"});
  OnnxBuilder::SetInt(text, "to", onnx::TensorProto::STRING);
  return builder.proto();
}

}  // namespace scission::testing
