// Models whose shapes the ONNX library cannot infer, and loops: with the real engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"
#include "engine/compare.h"
#include "engine/random_input.h"
#include "engine/session.h"
#include "engine/testing/run_chain.h"
#include "model/contents.h"
#include "model/cuts.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using testing::ErrorOf;
using ::testing::HasSubstr;
using testing::OnnxBuilder;

const TensorSpec& LastSpec(const Model& model) {
  return model.graph().activations.at(static_cast<std::size_t>(model.graph().outputs.at(0))).spec;
}

TEST(TraceShapes, LearnsThoseOfANewOpset) {
  OnnxBuilder builder(21);
  Random random(1);
  builder.Input("x", {-1, 3, 8, 8}).Output("y");
  builder.Node("Conv", "conv", {"x", builder.Weight("w", {4, 3, 3, 3}, random)});
  builder.Node("Gelu", "y", {"conv"});  // since opset 20
  const Model model = builder.Make({.batch_size = 2, .trace_shapes = TraceShapes});
  EXPECT_EQ(LastSpec(model).type, ElementType::kFloat);
  EXPECT_EQ(LastSpec(model).shape, (Shape{2, 4, 6, 6}));
  EXPECT_EQ(model.graph().layers.at(0).macs, 2 * 4 * 6 * 6 * 27);
}

TEST(TraceShapes, LearnsThoseOfCustomOperators) {
  OnnxBuilder builder;
  builder.Input("x", {1, 16}).Output("y");
  auto* opset = builder.proto().add_opset_import();
  opset->set_domain("com.microsoft");
  opset->set_version(1);
  builder.Node("FastGelu", "custom", {"x"}).set_domain("com.microsoft");
  builder.Node("Relu", "y", {"custom"});
  const Model model = builder.Make({.trace_shapes = TraceShapes});
  EXPECT_EQ(LastSpec(model).shape, (Shape{1, 16}));
  EXPECT_EQ(model.graph().layers.at(0).type, "com.microsoft.FastGelu");
  EXPECT_EQ(FindCuts(model.graph()).size(), 1u);
}

TEST(TraceShapes, MakesNoCutWhereTheShapeDependsOnTheValues) {
  OnnxBuilder builder;
  builder.Input("x", {1, 64}).Output("y");
  builder.Node("Relu", "a", {"x"});
  builder.Node("NonZero", "found", {"a"});
  auto& cast = builder.Node("Cast", "y", {"found"});
  OnnxBuilder::SetInt(cast, "to", onnx::TensorProto::FLOAT);
  const Model model = builder.Make({.trace_shapes = TraceShapes});
  const std::vector<Cut> cuts = FindCuts(model.graph());
  ASSERT_EQ(cuts.size(), 1u);
  EXPECT_EQ(cuts[0].layer, 0);
  const TensorMap input = RandomInputs({model.graph().activations[0].spec}, 7);
  const TensorMap values = testing::RunChain(model, BlocksBetween(model.graph(), cuts), input);
  EXPECT_EQ(values.at("y").spec.shape.at(0), 2);
}

TEST(TraceShapes, SaysWhatTheEngineRefuses) {
  OnnxBuilder builder(21);
  builder.Input("x", {1, 4}).Output("y");
  builder.Node("NoSuchOperator", "y", {"x"});
  EXPECT_THAT(ErrorOf([&] { builder.Make({.trace_shapes = TraceShapes}); }),
              HasSubstr("test.onnx: ONNX Runtime refuses the model"));
}

/// sum = x; three times: sum = sum * captured
Model LoopModel() {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {1, 4}).Output("y");
  builder.Node("Relu", "captured", {"x"});
  builder.Node("Sigmoid", "start", {"captured"});
  auto* trips = builder.graph().add_initializer();
  trips->set_name("trips");
  trips->set_data_type(onnx::TensorProto::INT64);
  trips->add_int64_data(3);
  auto& loop = builder.Node("Loop", "looped", {"trips", "", "start"});
  auto* attribute = loop.add_attribute();
  attribute->set_name("body");
  attribute->set_type(onnx::AttributeProto::GRAPH);
  auto* body = attribute->mutable_g();
  body->set_name("body");
  const auto declare = [](onnx::ValueInfoProto* value, const std::string& name, int type,
                          const Shape& shape) {
    value->set_name(name);
    value->mutable_type()->mutable_tensor_type()->set_elem_type(type);
    auto* dims = value->mutable_type()->mutable_tensor_type()->mutable_shape();
    for (const std::int64_t size : shape) dims->add_dim()->set_dim_value(size);
  };
  declare(body->add_input(), "i", onnx::TensorProto::INT64, {});
  declare(body->add_input(), "go_in", onnx::TensorProto::BOOL, {});
  declare(body->add_input(), "sum_in", onnx::TensorProto::FLOAT, {1, 4});
  const auto add = [&](const std::string& op, const std::vector<std::string>& inputs,
                       const std::string& output) {
    auto* node = body->add_node();
    node->set_op_type(op);
    for (const std::string& input : inputs) node->add_input(input);
    node->add_output(output);
  };
  add("Identity", {"go_in"}, "go_out");
  add("Mul", {"sum_in", "captured"}, "sum_out");
  declare(body->add_output(), "go_out", onnx::TensorProto::BOOL, {});
  declare(body->add_output(), "sum_out", onnx::TensorProto::FLOAT, {1, 4});
  builder.Node("Neg", "y", {"looped"});
  return builder.Make({.trace_shapes = TraceShapes});
}

TEST(Split, KeepsWhatALoopCaptures) {
  const Model model = LoopModel();
  const TensorMap input = RandomInputs({model.graph().activations[0].spec}, 3);
  const LayerRange whole = WholeOf(model.graph());
  const auto run = [&](const std::vector<LayerRange>& ranges) {
    return testing::RunChain(model, ranges, input).at("y");
  };
  const std::vector<Cut> cuts = FindCuts(model.graph(), 2);
  ASSERT_EQ(cuts.size(), 3u);
  EXPECT_EQ(cuts[1].activations.size(), 2u);  // the loop reads both its start and the captured
  for (const Cut& cut : cuts) {
    EXPECT_EQ(Difference(run({whole}), run({{0, cut.layer}, {cut.layer + 1, whole.last}})),
              std::nullopt)
        << cut.layer;
  }
}

}  // namespace
}  // namespace scission
