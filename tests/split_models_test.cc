// Real models in parts: the chain of all blocks gives what the whole gives, element by element, and
// so do the two parts at every cut.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
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

std::vector<float> FloatsOf(const TensorValue& value) {
  std::vector<float> floats(value.data.size() / sizeof(float));
  std::memcpy(floats.data(), value.data.data(), value.data.size());
  return floats;
}

double RootMeanSquare(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * value;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

/// A model with its input, and what it makes of that as a whole.
struct Case {
  explicit Case(const Model& given)
      : model(given),
        whole(WholeOf(model.graph())),
        segment(ExtractSegment(model, whole)),
        input(RandomInputs(segment.inputs, 1)),
        output(segment.outputs.at(0).name),
        expected(testing::RunChain(model, {whole}, input, kThreads).at(output)) {
    const std::set<char> bytes(expected.data.begin(), expected.data.end());
    EXPECT_GT(bytes.size(), 100u) << "an output that is all alike proves nothing";
  }

  /// All that crosses the borders of `ranges`, having checked the output.
  TensorMap ExpectSameOutput(const std::vector<LayerRange>& ranges) const {
    TensorMap values = testing::RunChain(model, ranges, input, kThreads);
    EXPECT_EQ(Difference(expected, values.at(output)), std::nullopt)
        << "cut behind layer " << ranges.front().last;
    return values;
  }

  void ExpectEveryCutKeepsTheOutput() const {
    for (const Cut& cut : FindCuts(model.graph())) {
      ExpectSameOutput({{0, cut.layer}, {cut.layer + 1, whole.last}});
    }
  }

  /// Cut wherever at most `max_tensors` cross.
  TensorMap ExpectBlocksKeepTheOutput(int max_tensors = 1) const {
    return ExpectSameOutput(BlocksBetween(model.graph(), FindCuts(model.graph(), max_tensors)));
  }

  const Model& model;
  LayerRange whole;
  SegmentModel segment;
  TensorMap input;
  std::string output;
  TensorValue expected;
};

class BuiltIn : public ::testing::TestWithParam<ZooEntry> {};

TEST_P(BuiltIn, BlocksKeepTheOutputAndActivationsStayInRange) {
  const Model model = OpenModel(GetParam().name, {});
  const TensorMap values = Case(model).ExpectBlocksKeepTheOutput();
  const std::string predictions = model.graph().activations.back().spec.name;
  for (const auto& [name, value] : values) {
    if (name == predictions || name == "input_1") continue;
    const double size = RootMeanSquare(FloatsOf(value));
    EXPECT_GT(size, 0.02) << name;
    EXPECT_LT(size, 50) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Zoo, BuiltIn, ::testing::ValuesIn(Zoo().begin(), Zoo().end()),
                         [](const auto& info) { return std::string(info.param.name); });

/// A model of each family; the large ones would take minutes.
class OfEachFamily : public ::testing::TestWithParam<const char*> {};

TEST_P(OfEachFamily, EveryCutKeepsTheOutput) {
  const Model model = OpenModel(GetParam(), {});
  Case(model).ExpectEveryCutKeepsTheOutput();
}

INSTANTIATE_TEST_SUITE_P(Zoo, OfEachFamily,
                         ::testing::Values("mobilenet", "mobilenetv2", "resnet50", "resnet50v2",
                                           "inception_v3", "densenet121", "nasnetmobile"),
                         [](const auto& info) { return std::string(info.param); });

TEST(SeveralTensors, CutInsideTheCellsOfNasNet) {
  const Model model = OpenModel("nasnetmobile", {});
  const auto narrow = FindCuts(model.graph());
  const auto wide = FindCuts(model.graph(), 3);
  EXPECT_GT(wide.size(), narrow.size() + 10);
  Case(model).ExpectBlocksKeepTheOutput(3);
}

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

Model LightModel(const std::string& name) {
  const auto file = testing::ReferenceFolder() / "light" / (name + ".onnx");
  onnx::ModelProto proto;
  EXPECT_TRUE(proto.ParseFromString(ReadFile(file)));
  RandomiseWeights(*proto.mutable_graph());
  return MakeModel(std::move(proto), name, file.string(), "", {});
}

class Light : public ::testing::TestWithParam<const char*> {};

TEST_P(Light, BlocksKeepTheOutputWithRandomWeights) {
  SCISSION_REQUIRE_REFERENCE();
  const Model model = LightModel(GetParam());
  Case(model).ExpectBlocksKeepTheOutput();
}

INSTANTIATE_TEST_SUITE_P(Reference, Light,
                         ::testing::Values("light_squeezenet", "light_resnet50",
                                           "light_inception_v1", "light_vgg19"),
                         [](const auto& info) { return std::string(info.param); });

TEST(SmallLight, EveryCutKeepsTheOutputWithRandomWeights) {
  SCISSION_REQUIRE_REFERENCE();
  for (const char* name : {"light_squeezenet", "light_inception_v1"}) {
    SCOPED_TRACE(name);
    const Model model = LightModel(name);
    Case(model).ExpectEveryCutKeepsTheOutput();
  }
}

}  // namespace
}  // namespace scission
