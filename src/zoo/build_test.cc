#include "zoo/build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "zoo/open_model.h"

namespace scission {
namespace {

using ::testing::ElementsAre;

constexpr std::uint64_t kSeed = 7;

const onnx::TensorProto* FindConstant(const onnx::ModelProto& model, const std::string& name) {
  for (const auto& tensor : model.graph().initializer()) {
    if (tensor.name() == name) return &tensor;
  }
  return nullptr;
}

std::string Metadata(const onnx::ModelProto& model, const std::string& key) {
  for (const auto& entry : model.metadata_props()) {
    if (entry.key() == key) return entry.value();
  }
  return "";
}

nlohmann::json LayersOf(const onnx::ModelProto& model) {
  return nlohmann::json::parse(Metadata(model, "scission.layers"));
}

std::vector<std::string> Names(const onnx::ModelProto& model, int first, int last) {
  std::vector<std::string> names;
  for (int i = first; i <= last; ++i) names.push_back(LayersOf(model)[i][0]);
  return names;
}

std::int64_t ParametersOf(const onnx::ModelProto& model) {
  const std::string list = Metadata(model, "scission.fixed");
  std::set<std::string> fixed;
  if (!list.empty()) fixed = nlohmann::json::parse(list).get<std::set<std::string>>();
  std::int64_t count = 0;
  for (const auto& tensor : model.graph().initializer()) {
    if (tensor.data_type() != onnx::TensorProto::FLOAT || tensor.dims_size() == 0) continue;
    if (fixed.contains(tensor.name())) continue;
    count += std::accumulate(tensor.dims().begin(), tensor.dims().end(), std::int64_t{1},
                             std::multiplies());
  }
  return count;
}

class ZooModel : public ::testing::TestWithParam<ZooEntry> {};

TEST_P(ZooModel, HasTheLayersAndParametersOfTheTable) {
  const auto model = BuildZooModel(GetParam(), std::nullopt);
  EXPECT_EQ(LayersOf(model).size(), GetParam().layer_count);
  EXPECT_EQ(ParametersOf(model), GetParam().parameters);
}

TEST_P(ZooModel, ListsItsNodesByLayer) {
  const auto model = BuildZooModel(GetParam(), std::nullopt);
  int node = 0;
  for (const auto& layer : LayersOf(model)) {
    const std::string name = layer[0];
    const int last = node + layer[2].get<int>();
    for (; node < last; ++node) {
      EXPECT_EQ(model.graph().node(node).name().rfind(name + "/", 0), 0) << name;
    }
    if (last > 0) {
      EXPECT_EQ(model.graph().node(last - 1).output(0), name);
    }
  }
  EXPECT_EQ(node, model.graph().node_size());
  EXPECT_EQ(Metadata(model, "scission.preprocessing"), Name(GetParam().preprocessing));
}

TEST_P(ZooModel, IsValidOnnxAndItsShapesAreRight) {
  onnx::ModelProto model = BuildZooModel(GetParam(), kSeed);
  onnx::checker::check_model(model);
  // Strict: an inferred shape that differs from the recorded one is an error.
  const onnx::ShapeInferenceOptions strict{true, 1, true};
  onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(), strict);
  const auto& output = model.graph().output(0).type().tensor_type().shape();
  EXPECT_EQ(output.dim(0).dim_param(), "N");
  EXPECT_EQ(output.dim(1).dim_value(), 1000);
}

INSTANTIATE_TEST_SUITE_P(All, ZooModel, ::testing::ValuesIn(Zoo().begin(), Zoo().end()),
                         [](const auto& info) { return info.param.name; });

TEST(Zoo, FindsModelsByName) {
  EXPECT_STREQ(FindZooModel("resnet50")->name, "resnet50");
  EXPECT_EQ(FindZooModel("resnet5"), nullptr);
}

TEST(Zoo, NumbersResNetAsKerasDoes) {
  const auto model = BuildZooModel(*FindZooModel("resnet50"), std::nullopt);
  EXPECT_THAT(Names(model, 0, 6), ElementsAre("input_1", "conv1_pad", "conv1_conv", "conv1_bn",
                                              "conv1_relu", "pool1_pad", "pool1_pool"));
  EXPECT_THAT(Names(model, 12, 19),
              ElementsAre("conv2_block1_2_relu", "conv2_block1_0_conv", "conv2_block1_3_conv",
                          "conv2_block1_0_bn", "conv2_block1_3_bn", "conv2_block1_add",
                          "conv2_block1_out", "conv2_block2_1_conv"));
  EXPECT_THAT(Names(model, 174, 176), ElementsAre("conv5_block3_out", "avg_pool", "predictions"));
}

TEST(Zoo, NumbersMobileNetV2AsKerasDoes) {
  const auto model = BuildZooModel(*FindZooModel("mobilenetv2"), std::nullopt);
  EXPECT_THAT(
      Names(model, 0, 13),
      ElementsAre("input_1", "Conv1", "bn_Conv1", "Conv1_relu", "expanded_conv_depthwise",
                  "expanded_conv_depthwise_BN", "expanded_conv_depthwise_relu",
                  "expanded_conv_project", "expanded_conv_project_BN", "block_1_expand",
                  "block_1_expand_BN", "block_1_expand_relu", "block_1_pad", "block_1_depthwise"));
}

TEST(Zoo, NumbersNasNetAsKerasDoes) {
  const auto model = BuildZooModel(*FindZooModel("nasnetmobile"), std::nullopt);
  EXPECT_THAT(Names(model, 0, 5), ElementsAre("input_1", "stem_conv1", "stem_bn1", "activation",
                                              "reduction_conv_1_stem_1", "reduction_bn_1_stem_1"));
  EXPECT_THAT(Names(model, 767, 770), ElementsAre("normal_concat_12", "activation_187",
                                                  "global_average_pooling2d", "predictions"));
}

TEST(Zoo, WithoutASeedHasTheSameGraphAndNoLargeWeights) {
  for (const char* name : {"inception_v3", "densenet121"}) {
    const ZooEntry& entry = *FindZooModel(name);
    const auto model = BuildZooModel(entry, std::nullopt);
    EXPECT_LT(model.ByteSizeLong(), 2e6);
    const Graph graph = ZooGraph(entry);
    EXPECT_EQ(graph.layers.size(), entry.layer_count);
    EXPECT_EQ(graph.parameters, entry.parameters);
  }
}

TEST(Zoo, DrawsWeightsFromTheSeed) {
  const auto kernel = [](std::uint64_t seed) {
    const auto model = BuildZooModel(*FindZooModel("mobilenetv2"), seed);
    return FindConstant(model, "block_3_expand/kernel")->raw_data();
  };
  EXPECT_EQ(kernel(1), kernel(1));
  EXPECT_NE(kernel(1), kernel(2));
}

TEST(Zoo, GivesEveryChannelAWeightOfItsOwn) {
  const auto model = BuildZooModel(*FindZooModel("mobilenetv2"), kSeed);
  for (const char* what : {"gamma", "beta", "moving_mean", "moving_variance"}) {
    const auto* tensor = FindConstant(model, std::string("bn_Conv1/") + what);
    ASSERT_NE(tensor, nullptr) << what;
    std::vector<float> values(tensor->dims(0));
    std::memcpy(values.data(), tensor->raw_data().data(), tensor->raw_data().size());
    std::ranges::sort(values);
    EXPECT_EQ(std::ranges::adjacent_find(values), values.end()) << what;
  }
}

}  // namespace
}  // namespace scission
