// Parameters, MACs and FLOPs against values worked out by hand.
#include <gtest/gtest.h>

#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using testing::OnnxBuilder;

const Layer& OnlyLayer(const Model& model) {
  EXPECT_EQ(model.graph().layers.size(), 1u);
  return model.graph().layers.at(0);
}

TEST(Costs, OfAConvolution) {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {2, 6, 10, 10}).Output("y");
  // 3x3, stride 2, no padding: 4x4 outputs; 6 -> 8 channels in 2 groups.
  auto& conv = builder.Node(
      "Conv", "y",
      {"x", builder.Weight("w", {8, 3, 3, 3}, random), builder.Weight("b", {8}, random)});
  OnnxBuilder::SetInts(conv, "strides", {2, 2});
  OnnxBuilder::SetInt(conv, "group", 2);
  const Model model = builder.Make();
  EXPECT_EQ(OnlyLayer(model).parameters, 8 * 3 * 3 * 3 + 8);
  EXPECT_EQ(OnlyLayer(model).weight_bytes, Bytes{4 * (216 + 8)});
  EXPECT_EQ(OnlyLayer(model).macs, 2 * 8 * 4 * 4 * 27);
  EXPECT_EQ(OnlyLayer(model).flops, 2 * 2 * 8 * 4 * 4 * 27);
}

TEST(Costs, OfATransposedConvolution) {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {1, 4, 5, 5}).Output("y");
  builder.Node("ConvTranspose", "y", {"x", builder.Weight("w", {4, 3, 2, 2}, random)});
  // Each of 4x5x5 inputs is spread over 3 channels x 2x2.
  EXPECT_EQ(OnlyLayer(builder.Make()).macs, 4 * 5 * 5 * 3 * 2 * 2);
}

TEST(Costs, OfMatrixProducts) {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {3, 7}).Output("y");
  auto& gemm = builder.Node(
      "Gemm", "g", {"x", builder.Weight("w", {5, 7}, random), builder.Weight("b", {5}, random)});
  OnnxBuilder::SetInt(gemm, "transB", 1);
  builder.Node("MatMul", "y", {"g", builder.Weight("m", {5, 4}, random)});
  const Model model = builder.Make();
  EXPECT_EQ(model.graph().layers[0].macs, 3 * 7 * 5);
  EXPECT_EQ(model.graph().layers[0].parameters, 5 * 7 + 5);
  EXPECT_EQ(model.graph().layers[1].macs, 3 * 5 * 4);
}

TEST(Costs, OfAnLstm) {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {6, 2, 3}).Output("y");  // 6 steps, batch 2, 3 features
  auto& lstm = builder.Node(
      "LSTM", "y",
      {"x", builder.Weight("w", {1, 16, 3}, random), builder.Weight("r", {1, 16, 4}, random)});
  OnnxBuilder::SetInt(lstm, "hidden_size", 4);
  EXPECT_EQ(OnlyLayer(builder.Make()).macs, 6 * 2 * (16 * 3 + 16 * 4));
}

TEST(Costs, OfElementwisePoolingAndReductionOperators) {
  OnnxBuilder builder;
  builder.Input("x", {1, 2, 8, 8}).Output("mean");
  builder.Node("Relu", "relu", {"x"});
  auto& pool = builder.Node("MaxPool", "pool", {"relu"});
  OnnxBuilder::SetInts(pool, "kernel_shape", {3, 3});
  builder.Node("Softmax", "soft", {"pool"});
  builder.Node("GlobalAveragePool", "gap", {"soft"});
  builder.Node("Flatten", "mean", {"gap"});
  const Model model = builder.Make();
  EXPECT_EQ(model.graph().layers[0].flops, 2 * 8 * 8);
  EXPECT_EQ(model.graph().layers[1].flops, 9 * 2 * 6 * 6);
  EXPECT_EQ(model.graph().layers[2].flops, 3 * 2 * 6 * 6);
  EXPECT_EQ(model.graph().layers[3].flops, 2 * 6 * 6);
  EXPECT_EQ(model.graph().layers[4].flops, 0);
}

TEST(Costs, CountASharedWeightOnceInTheModel) {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {1, 4}).Output("b");
  builder.Weight("w", {4, 4}, random);
  builder.Node("MatMul", "a", {"x", "w"});
  builder.Node("MatMul", "b", {"a", "w"});
  const Graph graph = builder.Make().graph();
  EXPECT_EQ(graph.layers[0].parameters, 16);
  EXPECT_EQ(graph.layers[1].parameters, 16);
  EXPECT_EQ(graph.parameters, 16);
}

TEST(Costs, DoNotTakeShapesAndScalarsForParameters) {
  OnnxBuilder builder(11);
  Random random(1);
  builder.Input("x", {1, 4}).Output("y");
  builder.Node("Clip", "c",
               {"x", builder.Weight("low", {}, random), builder.Weight("high", {}, random)});
  builder.Node("Reshape", "y", {"c", builder.Integers("shape", {2, 2})});
  EXPECT_EQ(builder.Make().graph().parameters, 0);
}

}  // namespace
}  // namespace scission
