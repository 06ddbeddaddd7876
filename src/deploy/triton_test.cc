// The repository obeys Triton's rules, and running it as its ensemble says gives what the whole
// model gives.
#include "deploy/triton.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/file.h"
#include "base/testing/error_of.h"
#include "deploy/testing/run_file.h"
#include "deploy/testing/triton_rules.h"
#include "engine/compare.h"
#include "engine/random_input.h"
#include "engine/testing/run_chain.h"
#include "model/contents.h"
#include "model/cuts.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using testing::BrokenTritonRules;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::OnnxBuilder;
using testing::ReadTritonRepository;
using testing::TritonModel;
using Repository = std::map<std::string, TritonModel>;

std::vector<PlannedSegment> Unplanned(const std::vector<LayerRange>& ranges) {
  std::vector<PlannedSegment> segments;
  for (const LayerRange& range : ranges) segments.push_back({range, "", ""});
  return segments;
}

/// `value` with the shape that Triton's core knows, and back: rank 0 is [ 1 ] there.
TensorMap WithShapes(TensorMap values, const Model& model) {
  for (const Activation& activation : model.graph().activations) {
    const auto found = values.find(activation.spec.name);
    if (found != values.end()) found->second.spec.shape = activation.spec.shape;
  }
  return values;
}

TensorMap RunEnsemble(const Repository& models, const std::string& name, const Model& model,
                      TensorMap tensors) {
  for (const auto& step : models.at(name).config.ensemble_scheduling().step()) {
    TensorMap inputs;
    for (const auto& [key, value] : step.input_map()) inputs[key] = tensors.at(value);
    const TensorMap outputs =
        testing::RunFile(models.at(step.model_name()).file, WithShapes(inputs, model));
    for (const auto& [key, value] : step.output_map()) tensors[value] = outputs.at(key);
  }
  return tensors;
}

void ExpectServable(const Model& model, const std::vector<LayerRange>& ranges,
                    std::size_t max_onnx_bytes = kMaxOnnxBytes) {
  const TemporaryFolder folder;
  WriteTritonRepository(model, Unplanned(ranges), folder.path(), max_onnx_bytes);
  const Repository models = ReadTritonRepository(folder.path());
  EXPECT_EQ(models.size(), ranges.size() + 1);
  EXPECT_THAT(BrokenTritonRules(models), ElementsAre());

  const LayerRange whole = WholeOf(model.graph());
  const TensorMap inputs = RandomInputs(ExtractSegment(model, whole).inputs, 1);
  const TensorMap expected = testing::RunChain(model, {whole}, inputs);
  const TensorMap actual = RunEnsemble(models, TritonName(model.name()), model, inputs);
  for (const auto& output : models.at(TritonName(model.name())).config.output()) {
    EXPECT_EQ(Difference(expected.at(output.name()), actual.at(output.name())), std::nullopt);
  }
}

TEST(Triton, ServesRandomModels) {
  std::size_t two_tensor_cuts = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    const Model model = MakeModel(testing::RandomModel(seed, 12), "random", "random", "", {});
    const std::vector<Cut> cuts = FindCuts(model.graph(), 2);
    for (const Cut& cut : cuts) two_tensor_cuts += cut.activations.size() == 2 ? 1 : 0;
    ExpectServable(model, BlocksBetween(model.graph(), cuts), seed % 2 == 0 ? kMaxOnnxBytes : 2000);
  }
  EXPECT_GT(two_tensor_cuts, 10u);  // else the models prove nothing
}

/// The only tensor across the middle is a scalar.
Model ScalarModel() {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {-1, 4}).Output("y");
  OnnxBuilder::SetInt(builder.Node("ReduceSum", "sum", {"x"}), "keepdims", 0);
  builder.Node("Sigmoid", "s", {"sum"});
  builder.Node("Mul", "y", {"s", builder.Weight("w", {1, 4}, random)});
  return builder.Make();
}

TEST(Triton, GivesScalarsTheShapeOfOneElement) {
  const Model model = ScalarModel();
  ExpectServable(model, {{0, 0}, {1, 1}, {2, 2}});
  const TemporaryFolder folder;
  WriteTritonRepository(model, Unplanned({{0, 0}, {1, 2}}), folder.path());
  const auto config = ReadTritonRepository(folder.path()).at("test-segment-2-layers-1-2").config;
  EXPECT_THAT(config.input(0).dims(), ElementsAre(1));
  EXPECT_FALSE(config.input(0).has_reshape());
}

TEST(Triton, WritesWhatItsUsersKnow) {
  const TemporaryFolder folder;
  WriteTritonRepository(ScalarModel(), Unplanned({{0, 0}, {1, 2}}), folder.path());
  EXPECT_EQ(ReadFile(folder.path() / "test-segment-1-layers-0-0" / "config.pbtxt"),
            R"(name: "test-segment-1-layers-0-0"
platform: "onnxruntime_onnx"
backend: "onnxruntime"
max_batch_size: 0
input {
  name: "x"
  data_type: TYPE_FP32
  dims: [ 1, 4 ]
}
output {
  name: "sum"
  data_type: TYPE_FP32
  dims: [ 1 ]
}
instance_group {
  count: 1
  kind: KIND_CPU
}
)");
  EXPECT_EQ(ReadFile(folder.path() / "test" / "config.pbtxt"), R"(name: "test"
platform: "ensemble"
max_batch_size: 0
input {
  name: "x"
  data_type: TYPE_FP32
  dims: [ 1, 4 ]
}
output {
  name: "y"
  data_type: TYPE_FP32
  dims: [ 1, 4 ]
}
ensemble_scheduling {
  step {
    model_name: "test-segment-1-layers-0-0"
    model_version: -1
    input_map {
      key: "x"
      value: "x"
    }
    output_map {
      key: "sum"
      value: "sum"
    }
  }
  step {
    model_name: "test-segment-2-layers-1-2"
    model_version: -1
    input_map {
      key: "sum"
      value: "sum"
    }
    output_map {
      key: "y"
      value: "y"
    }
  }
}
)");
}

TEST(Triton, QuotesWhateverTensorsAreCalled) {
  OnnxBuilder builder;
  const std::string name = "a \"b\" \\n\n{\x01}: \xC3\xA9'";
  builder.Input("x", {2}).Output("y");
  builder.Node("Relu", name, {"x"});
  builder.Node("Tanh", "y", {name});
  const Model model = builder.Make();
  ExpectServable(model, {{0, 0}, {1, 1}});
}

TEST(Triton, LeavesSizesOpenThatDependOnValues) {
  OnnxBuilder builder;
  builder.Input("x", {6}).Output("y");
  builder.Node("Relu", "a", {"x"});
  builder.Node("NonZero", "y", {"a"});
  builder.graph().mutable_output(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
      onnx::TensorProto::INT64);
  LoadOptions options;
  options.trace_shapes = TraceShapes;
  ExpectServable(builder.Make(options), {{0, 0}, {1, 1}});
}

TEST(Triton, NamesFoldersPlainly) {
  EXPECT_EQ(TritonName("vgg19"), "vgg19");
  EXPECT_EQ(TritonName("My model/v1.2\n"), "My_model_v1.2_");
  EXPECT_EQ(TritonName("."), "_.");
  EXPECT_EQ(TritonName(""), "_");
  EXPECT_EQ(TritonName(std::string(300, 'a')).size(), 100u);
}

TEST(Triton, RefusesWhatItCannotServe) {
  const auto error_of = [](OnnxBuilder& builder, const std::vector<LayerRange>& ranges) {
    const TemporaryFolder folder;
    return testing::ErrorOf(
        [&] { WriteTritonRepository(builder.Make(), Unplanned(ranges), folder.path()); });
  };
  OnnxBuilder bfloat;
  bfloat.Input("x", {2}).Output("y");
  OnnxBuilder::SetInt(bfloat.Node("Cast", "a", {"x"}), "to", onnx::TensorProto::BFLOAT16);
  OnnxBuilder::SetInt(bfloat.Node("Cast", "y", {"a"}), "to", onnx::TensorProto::FLOAT);
  EXPECT_EQ(error_of(bfloat, {{0, 0}, {1, 1}}),
            "test: tensor 'a': Triton's ONNX Runtime backend does not know bfloat16");

  OnnxBuilder empty;
  empty.Input("x", {2, 0}).Output("y");
  empty.Node("Relu", "a", {"x"});
  empty.Node("Relu", "y", {"a"});
  EXPECT_EQ(error_of(empty, {{0, 0}, {1, 1}}),
            "test: tensor 'x': has no elements, which Triton does not allow");
}

// ---- The rules themselves: what breaks one must be found ----

std::vector<std::string> BrokenAfter(const std::function<void(Repository&)>& spoil) {
  const TemporaryFolder folder;
  WriteTritonRepository(ScalarModel(), Unplanned({{0, 0}, {1, 2}}), folder.path());
  Repository models = ReadTritonRepository(folder.path());
  spoil(models);
  return BrokenTritonRules(models);
}

TEST(TritonRules, FindWhatIsWrong) {
  using testing::triton::InstanceGroup;
  const std::string first = "test-segment-1-layers-0-0";
  EXPECT_THAT(BrokenAfter([&](Repository& m) { m["test"].config.set_name("other"); }),
              ElementsAre("test: the name is not the folder's"));
  EXPECT_THAT(BrokenAfter([&](Repository& m) { m[first].config.mutable_input(0)->set_dims(1, 5); }),
              Contains(first + ": inputs are not the file's"));
  EXPECT_THAT(
      BrokenAfter([&](Repository& m) { m[first].config.mutable_output(0)->mutable_reshape(); }),
      ElementsAre(first + ": cannot have empty reshape for non-batching model"));
  EXPECT_THAT(BrokenAfter([&](Repository& m) { m["test"].config.add_instance_group(); }),
              ElementsAre("test: instance group should not be specified"));
  EXPECT_THAT(BrokenAfter([&](Repository& m) { m[first].config.clear_instance_group(); }),
              ElementsAre(first + ": not one instance on the CPU"));
  EXPECT_THAT(BrokenAfter([&](Repository& m) { m.erase(first); }),
              Contains("test: a step has no model"));
  const auto step = [](Repository& m, int i) {
    return m["test"].config.mutable_ensemble_scheduling()->mutable_step(i);
  };
  EXPECT_THAT(BrokenAfter([&](Repository& m) { step(m, 0)->clear_model_version(); }),
              ElementsAre("test: a required version is not loaded"));
  EXPECT_THAT(BrokenAfter([&](Repository& m) { step(m, 1)->mutable_output_map()->clear(); }),
              Contains("test: output 'y' is not written"));
  EXPECT_THAT(BrokenAfter([&](Repository& m) { (*step(m, 1)->mutable_input_map())["z"] = "x"; }),
              Contains("test: mapping to non-existing input z"));
  EXPECT_THAT(BrokenAfter([&](Repository& m) { (*step(m, 1)->mutable_output_map())["y"] = "sum"; }),
              Contains("test: tensor 'sum' can appear only once"));
  EXPECT_THAT(BrokenAfter([&](Repository& m) { (*step(m, 1)->mutable_input_map())["sum"] = "q"; }),
              Contains("test: tensor 'sum' is unused"));
}

}  // namespace
}  // namespace scission
