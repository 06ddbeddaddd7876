// What each layer becomes in ONNX, on models of one or two layers.
#include "zoo/keras_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "zoo/build.h"
#include "zoo/node_writer.h"

namespace scission {
namespace {

using ::testing::ElementsAre;

/// The graph of `architecture` on an image of 8 x 8.
onnx::GraphProto GraphOf(KerasTensor (*architecture)(KerasBuilder&, KerasTensor)) {
  return BuildZooModel({"tiny", 0, 0, 8, Preprocessing::kTf, architecture}, 1).graph();
}

std::vector<std::string> Ops(const onnx::GraphProto& graph) {
  std::vector<std::string> ops;
  for (const auto& node : graph.node()) ops.push_back(node.op_type());
  return ops;
}

Integers Numbers(const onnx::NodeProto& node, const std::string& key) {
  for (const auto& attribute : node.attribute()) {
    if (attribute.name() != key) continue;
    return attribute.has_i() ? Integers{attribute.i()}
                             : Integers(attribute.ints().begin(), attribute.ints().end());
  }
  return {};
}

std::vector<std::int64_t> OutputShape(const onnx::GraphProto& graph) {
  std::vector<std::int64_t> sizes;
  for (const auto& dim : graph.output(0).type().tensor_type().shape().dim()) {
    sizes.push_back(dim.dim_value());
  }
  return sizes;
}

template <typename T>
std::vector<T> Values(const onnx::TensorProto& tensor) {
  std::vector<T> values(tensor.raw_data().size() / sizeof(T));
  std::memcpy(values.data(), tensor.raw_data().data(), tensor.raw_data().size());
  return values;
}

TEST(KerasBuilder, WritesAConvolutionWithTensorFlowsPadding) {
  const auto graph = GraphOf([](KerasBuilder& b, KerasTensor x) {
    return b.Conv2D("c", x, 5, {3, 7}, {.stride = 2, .padding = kSame, .activation = kRelu});
  });
  EXPECT_THAT(Ops(graph), ElementsAre("Conv", "Relu"));
  EXPECT_THAT(Numbers(graph.node(0), "pads"), ElementsAre(0, 2, 1, 3));  // top left bottom right
  EXPECT_THAT(Numbers(graph.node(0), "strides"), ElementsAre(2, 2));
  EXPECT_THAT(graph.initializer(0).dims(), ElementsAre(5, 3, 3, 7));
  EXPECT_THAT(graph.node(0).input(), ElementsAre("input_1", "c/kernel", "c/bias"));
  EXPECT_EQ(graph.node(0).output(0), "c/Conv");
  EXPECT_EQ(graph.node(1).output(0), "c");
  EXPECT_THAT(OutputShape(graph), ElementsAre(0, 5, 4, 4));
}

TEST(KerasBuilder, GivesADepthwiseConvolutionAGroupAChannel) {
  const auto graph = GraphOf(
      [](KerasBuilder& b, KerasTensor x) { return b.DepthwiseConv2D("d", x, 3, {.bias = false}); });
  EXPECT_THAT(Numbers(graph.node(0), "group"), ElementsAre(3));
  EXPECT_THAT(graph.initializer(0).dims(), ElementsAre(3, 1, 3, 3));
  EXPECT_THAT(graph.node(0).input(), ElementsAre("input_1", "d/kernel"));
  EXPECT_THAT(OutputShape(graph), ElementsAre(0, 3, 6, 6));
}

TEST(KerasBuilder, GivesBatchNormalizationItsEpsilon) {
  const auto graph = GraphOf([](KerasBuilder& b, KerasTensor x) {
    return b.BatchNormalization("n", x, {.epsilon = 1.001e-5});
  });
  EXPECT_THAT(graph.node(0).input(),
              ElementsAre("input_1", "n/gamma", "n/beta", "n/moving_mean", "n/moving_variance"));
  EXPECT_FLOAT_EQ(graph.node(0).attribute(0).f(), 1.001e-5f);
}

TEST(KerasBuilder, ClipsAReluWithScalars) {
  const auto graph = GraphOf([](KerasBuilder& b, KerasTensor x) { return b.ReLU("r", x, 6); });
  EXPECT_THAT(graph.node(0).input(), ElementsAre("input_1", "r/min", "r/max"));
  EXPECT_EQ(graph.initializer(0).dims_size(), 0);
  EXPECT_THAT(Values<float>(graph.initializer(0)), ElementsAre(0));
  EXPECT_THAT(Values<float>(graph.initializer(1)), ElementsAre(6));
}

TEST(KerasBuilder, PadsHeightAndWidthOnly) {
  const auto graph = GraphOf([](KerasBuilder& b, KerasTensor x) {
    return b.ZeroPadding2D("p", x, {1, 2, 3, 4});
  });
  EXPECT_THAT(Values<std::int64_t>(graph.initializer(0)), ElementsAre(0, 0, 1, 3, 0, 0, 2, 4));
  EXPECT_THAT(OutputShape(graph), ElementsAre(0, 3, 11, 15));
}

TEST(KerasBuilder, PoolsByStepsOfThePoolUnlessTold) {
  const auto graph = GraphOf([](KerasBuilder& b, KerasTensor x) {
    return b.MaxPooling2D("q", b.MaxPooling2D("p", x, 2), 3, {.stride = 1, .padding = kSame});
  });
  EXPECT_THAT(Numbers(graph.node(0), "strides"), ElementsAre(2, 2));
  EXPECT_THAT(Numbers(graph.node(0), "pads"), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(Numbers(graph.node(1), "pads"), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(OutputShape(graph), ElementsAre(0, 3, 4, 4));
}

TEST(KerasBuilder, EndsInOneRowOfFeatures) {
  const auto pooled = GraphOf([](KerasBuilder& b, KerasTensor x) {
    return b.Dense("d", b.GlobalAveragePooling2D("g", x), 4, kSoftmax);
  });
  EXPECT_THAT(Ops(pooled), ElementsAre("GlobalAveragePool", "Flatten", "Gemm", "Softmax"));
  EXPECT_THAT(OutputShape(pooled), ElementsAre(0, 4));
  const auto flat = GraphOf([](KerasBuilder& b, KerasTensor x) { return b.Flatten("f", x); });
  EXPECT_THAT(OutputShape(flat), ElementsAre(0, 3 * 8 * 8));
}

TEST(KerasBuilder, SplitsASeparableConvolutionInTwo) {
  const auto graph = GraphOf([](KerasBuilder& b, KerasTensor x) {
    return b.SeparableConv2D("s", x, 5, 3, {.stride = 2, .padding = kSame, .bias = false});
  });
  EXPECT_THAT(Ops(graph), ElementsAre("Conv", "Conv"));
  EXPECT_THAT(Numbers(graph.node(0), "group"), ElementsAre(3));
  EXPECT_THAT(Numbers(graph.node(0), "pads"), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(Numbers(graph.node(1), "strides"), ElementsAre(1, 1));
  EXPECT_THAT(graph.initializer(0).dims(), ElementsAre(3, 1, 3, 3));
  EXPECT_THAT(graph.initializer(1).dims(), ElementsAre(5, 3, 1, 1));
  EXPECT_THAT(OutputShape(graph), ElementsAre(0, 5, 4, 4));
}

TEST(KerasBuilder, PutsOnesWhereABatchNormalizationHasNoScale) {
  const auto graph = GraphOf([](KerasBuilder& b, KerasTensor x) {
    return b.BatchNormalization("n", x, {.scale = false});
  });
  EXPECT_THAT(graph.node(0).input(),
              ElementsAre("input_1", "n/ones", "n/beta", "n/moving_mean", "n/moving_variance"));
  EXPECT_THAT(Values<float>(graph.initializer(0)), ElementsAre(1, 1, 1));
}

TEST(KerasBuilder, NamesLayersAsKerasDoes) {
  KerasBuilder b;
  KerasTensor x = b.Input("image", {3, 8, 8}, {});
  for (int i = 0; i < 3; ++i) x = b.BatchNormalization(i == 1 ? "mine" : kUnnamed, x);
  x = b.ReLU(kUnnamed, b.MaxPooling2D(kUnnamed, x, 2), 6);
  std::vector<std::string> names;
  for (const KerasLayer& layer : b.layers()) names.push_back(layer.name);
  EXPECT_THAT(names, ElementsAre("image", "batch_normalization", "mine", "batch_normalization_1",
                                 "max_pooling2d", "re_lu"));
}

TEST(KerasBuilder, AddsInTheOrderOfTheCall) {
  const auto graph = GraphOf([](KerasBuilder& b, KerasTensor x) {
    return b.Add("a", {b.Activation("r", x, kRelu), x});
  });
  EXPECT_THAT(graph.node(1).input(), ElementsAre("r", "input_1"));
}

}  // namespace
}  // namespace scission
