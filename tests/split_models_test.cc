// Every cut of every real model: the two parts give what the whole gives, element by element, and
// so does the chain of all blocks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/file.h"
#include "base/random.h"
#include "base/testing/reference.h"
#include "engine/compare.h"
#include "engine/random_input.h"
#include "engine/session.h"
#include "engine/testing/run_chain.h"
#include "model/contents.h"
#include "model/cuts.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

constexpr int kThreads = 2;

void ExpectEveryCutKeepsTheOutput(const Model& model) {
  const LayerRange whole = WholeOf(model.graph());
  const SegmentModel segment = ExtractSegment(model, whole);
  const TensorMap input = RandomInputs(segment.inputs, 1);
  const std::string output = segment.outputs.at(0).name;
  const TensorValue expected = testing::RunChain(model, {whole}, input, kThreads).at(output);
  const std::set<char> bytes(expected.data.begin(), expected.data.end());
  ASSERT_GT(bytes.size(), 100u) << "an output that is all alike proves nothing";

  const std::vector<Cut> cuts = FindCuts(model.graph());
  for (const Cut& cut : cuts) {
    const TensorMap actual =
        testing::RunChain(model, {{0, cut.layer}, {cut.layer + 1, whole.last}}, input, kThreads);
    EXPECT_EQ(Difference(expected, actual.at(output)), std::nullopt) << "layer " << cut.layer;
  }
  const std::vector<LayerRange> blocks = BlocksBetween(model.graph(), cuts);
  EXPECT_EQ(Difference(expected, testing::RunChain(model, blocks, input, kThreads).at(output)),
            std::nullopt);
}

class BuiltIn : public ::testing::TestWithParam<ZooEntry> {};

TEST_P(BuiltIn, EveryCutKeepsTheOutput) {
  ExpectEveryCutKeepsTheOutput(OpenModel(GetParam().name, {}));
}

INSTANTIATE_TEST_SUITE_P(Zoo, BuiltIn, ::testing::ValuesIn(Zoo().begin(), Zoo().end()),
                         [](const auto& info) { return std::string(info.param.name); });

/// The float weights of the reference's light models are all alike, which hides channel mix-ups:
/// here random ones take their place.
void RandomiseWeights(onnx::GraphProto& graph) {
  Random random(1);
  google::protobuf::RepeatedPtrField<onnx::NodeProto> kept;
  for (onnx::NodeProto& node : *graph.mutable_node()) {
    if (node.op_type() != "ConstantOfShape") {
      *kept.Add() = std::move(node);
      continue;
    }
    const auto shape = std::find_if(graph.initializer().begin(), graph.initializer().end(),
                                    [&](const auto& t) { return t.name() == node.input(0); });
    ASSERT_NE(shape, graph.initializer().end());
    onnx::TensorProto weight;
    weight.set_name(node.output(0));
    weight.set_data_type(onnx::TensorProto::FLOAT);
    std::int64_t per_output = 1;
    for (int i = 0; i < shape->dims(0); ++i) {
      weight.add_dims(shape->int64_data_size() > 0
                          ? shape->int64_data(i)
                          : reinterpret_cast<const std::int64_t*>(shape->raw_data().data())[i]);
      if (i > 0) per_output *= weight.dims(i);
    }
    // He-uniform for kernels; positive for scales and variances, which have one dimension.
    const double limit = std::sqrt(6.0 / static_cast<double>(per_output));
    std::int64_t count = weight.dims(0) * per_output;
    std::string data;
    for (; count > 0; --count) {
      const auto value = static_cast<float>(weight.dims_size() > 1 ? random.Uniform(-limit, limit)
                                                                   : random.Uniform(0.2, 0.4));
      data.append(reinterpret_cast<const char*>(&value), sizeof(value));
    }
    weight.set_raw_data(std::move(data));
    *graph.add_initializer() = std::move(weight);
  }
  graph.mutable_node()->Swap(&kept);
}

class Light : public ::testing::TestWithParam<const char*> {};

TEST_P(Light, EveryCutKeepsTheOutputWithRandomWeights) {
  SCISSION_REQUIRE_REFERENCE();
  const auto file = testing::ReferenceFolder() / "light" / (std::string(GetParam()) + ".onnx");
  onnx::ModelProto proto;
  ASSERT_TRUE(proto.ParseFromString(ReadFile(file)));
  RandomiseWeights(*proto.mutable_graph());
  ExpectEveryCutKeepsTheOutput(MakeModel(std::move(proto), GetParam(), file.string(), "", {}));
}

INSTANTIATE_TEST_SUITE_P(Reference, Light,
                         ::testing::Values("light_squeezenet", "light_resnet50",
                                           "light_inception_v1", "light_vgg19"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace scission
