// What is loaded, what is refused, and what is said about it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.h"
#include "base/testing/error_of.h"
#include "model/contents.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using testing::ErrorOf;
using ::testing::HasSubstr;
using testing::OnnxBuilder;

std::string ErrorOfMake(const OnnxBuilder& builder, const LoadOptions& options = {}) {
  return ErrorOf([&] { builder.Make(options); });
}

OnnxBuilder TwoLayers(const Shape& shape = {1, 4}) {
  OnnxBuilder builder;
  builder.Input("x", shape).Output("b");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Relu", "b", {"a"});
  return builder;
}

TEST(Load, RefusesACycle) {
  OnnxBuilder builder = TwoLayers();
  builder.graph().mutable_node(0)->set_input(0, "b");
  EXPECT_EQ(ErrorOfMake(builder), "test.onnx: node 'a' (Relu): is part of a cycle, or behind one");
}

TEST(Load, RefusesAValueThatIsProducedTwice) {
  OnnxBuilder builder = TwoLayers();
  builder.graph().mutable_node(1)->set_output(0, "a");
  EXPECT_EQ(ErrorOfMake(builder), "test.onnx: the name 'a' is given to more than one value");
}

TEST(Load, RefusesAValueThatNothingProduces) {
  OnnxBuilder builder = TwoLayers();
  builder.graph().mutable_node(1)->set_input(0, "c");
  EXPECT_EQ(ErrorOfMake(builder), "test.onnx: node 'b' (Relu): reads 'c', which nothing produces");
}

TEST(Load, RefusesZeroStrides) {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {1, 1, 4, 4}).Output("y");
  auto& conv = builder.Node("Conv", "y", {"x", builder.Weight("w", {1, 1, 1, 1}, random)});
  OnnxBuilder::SetInts(conv, "strides", {0, 1});
  EXPECT_EQ(ErrorOfMake(builder),
            "test.onnx: node 'y' (Conv): attribute 'strides' is 0; it must be a positive number");
}

TEST(Load, RefusesTensorsOfAbsurdSize) {
  EXPECT_THAT(ErrorOfMake(TwoLayers({1, std::int64_t{1} << 60})), HasSubstr("is too large"));
  EXPECT_THAT(ErrorOfMake(TwoLayers({1 << 30, 1 << 30})), HasSubstr("is too large"));
}

TEST(Load, RefusesAModelWithoutLayers) {
  OnnxBuilder builder;
  builder.Output("y");
  builder.Node("Relu", "y", {builder.Integers("x", {1})});
  EXPECT_THAT(ErrorOfMake(builder), HasSubstr("nothing depends on an input"));
}

TEST(Load, RefusesAnOldOpset) {
  OnnxBuilder builder(6);
  builder.Input("x", {1}).Output("y");
  builder.Node("Relu", "y", {"x"});
  EXPECT_THAT(ErrorOfMake(builder), HasSubstr("uses opset 6"));
}

TEST(Load, RefusesAnInitializerWithTooLittleData) {
  OnnxBuilder builder = TwoLayers();
  Random random(1);
  builder.Weight("w", {4}, random);
  builder.graph().mutable_initializer(0)->set_dims(0, 400);
  EXPECT_EQ(ErrorOfMake(builder),
            "test.onnx: initializer 'w': has 16 bytes of data, its shape 400 asks for 1600");
}

TEST(Load, BindsFreeDimensions) {
  EXPECT_EQ(TwoLayers({-1, 4}).Make().graph().activations[0].spec.shape, (Shape{1, 4}));
  EXPECT_EQ(TwoLayers({-1, 4}).Make({.batch_size = 3}).graph().activations[2].spec.shape,
            (Shape{3, 4}));
  const Model model = TwoLayers({-1, -2, -3}).Make({.dimensions = {{"A", 5}, {"x:2", 6}}});
  EXPECT_EQ(model.graph().activations[2].spec.shape, (Shape{1, 5, 6}));
}

TEST(Load, NamesFreeDimensionsThatAreLeft) {
  EXPECT_EQ(ErrorOfMake(TwoLayers({-1, -2, -3}), {.dimensions = {{"A", 5}}}),
            "test.onnx: has free dimensions: give their sizes with B=N (--dim)");
  EXPECT_EQ(ErrorOfMake(TwoLayers({1, 4}), {.batch_size = 2}),
            "test.onnx: input 'x' has a fixed batch size of 1, not 2");
  EXPECT_EQ(ErrorOfMake(TwoLayers({-1, -2}), {.dimensions = {{"A", 1}, {"seq", 1}}}),
            "test.onnx: has no free dimension 'seq'; it has A");
}

TEST(Load, TakesForTheBatchOnlyWhatTheInputsAgreeOn) {
  OnnxBuilder builder;
  builder.Input("q", {-2, 4}).Input("k", {-3, 4}).Output("y");
  builder.Node("Concat", "y", {"q", "k"});
  OnnxBuilder::SetInt(*builder.graph().mutable_node(0), "axis", 0);
  EXPECT_EQ(ErrorOfMake(builder),
            "test.onnx: has free dimensions: give their sizes with A=N, B=N (--dim)");
  const Model model = builder.Make({.dimensions = {{"A", 2}, {"B", 3}}});
  EXPECT_EQ(model.graph().activations[2].spec.shape, (Shape{5, 4}));
  EXPECT_EQ(model.batch_size(), 2);
}

TEST(Load, KnowsTheOtherNameOfTheDefaultDomain) {
  OnnxBuilder builder = TwoLayers();
  builder.proto().mutable_opset_import(0)->set_domain("ai.onnx");
  builder.graph().mutable_node(0)->set_domain("ai.onnx");
  EXPECT_EQ(builder.Make().graph().layers[0].type, "Relu");
}

TEST(Load, RefusesExternalDataInsideNodes) {
  OnnxBuilder builder = TwoLayers();
  auto& node = builder.Node("Constant", "c", {});
  auto* value = node.add_attribute();
  value->set_name("value");
  value->set_type(onnx::AttributeProto::TENSOR);
  value->mutable_t()->set_data_location(onnx::TensorProto::EXTERNAL);
  EXPECT_THAT(ErrorOfMake(builder), HasSubstr("has external data, which only initializers"));
}

TEST(Load, CountsAbsurdCostsWithoutOverflow) {
  OnnxBuilder builder;
  builder.Input("x", {1 << 23, 1 << 23}).Output("y");
  builder.Node("MatMul", "y", {"x", "x"});
  const Graph graph = builder.Make().graph();
  EXPECT_EQ(graph.layers[0].macs, std::int64_t{1} << 52);
}

TEST(Load, TakesConstantNodesForWeights) {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {1, 4}).Output("y");
  builder.Node("Transpose", "turned", {builder.Weight("w", {4, 4}, random)});
  builder.Node("MatMul", "y", {"x", "turned"});
  const Graph graph = builder.Make().graph();
  ASSERT_EQ(graph.layers.size(), 1u);
  EXPECT_EQ(graph.layers[0].parameters, 16);
}

TEST(Load, DoesNotTakeRandomNodesForWeights) {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Output("y");
  OnnxBuilder::SetInts(builder.Node("RandomUniform", "noise", {}), "shape", {1, 4});
  builder.Node("Add", "y", {"x", "noise"});
  EXPECT_EQ(builder.Make().graph().layers.size(), 2u);
}

TEST(Load, AsksTheTracerForNewOpsets) {
  OnnxBuilder builder(21);
  builder.Input("x", {-1, 4}).Output("b");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Relu", "b", {"a"});
  EXPECT_THAT(ErrorOfMake(builder), HasSubstr("the shape of 'a' cannot be inferred"));
  const auto tracer = [](const SegmentModel& segment) {
    EXPECT_EQ(segment.inputs.at(0).shape, (Shape{1, 4}));
    std::vector<TensorSpec> specs = segment.outputs;
    for (TensorSpec& spec : specs) spec = {spec.name, ElementType::kFloat, {1, 4}};
    return specs;
  };
  EXPECT_EQ(builder.Make({.trace_shapes = tracer}).graph().activations[1].spec.shape,
            (Shape{1, 4}));
}

TEST(Load, IgnoresLayerMetadataThatDoesNotFit) {
  OnnxBuilder builder = TwoLayers();
  auto* entry = builder.proto().add_metadata_props();
  entry->set_key("scission.layers");
  entry->set_value(R"([["in","InputLayer",0],["both","Pair",2]])");
  EXPECT_EQ(builder.Make().graph().layers.at(1).type, "Pair");
  for (const char* bad : {"[[\"a\",\"B\",1]]", "[[\"a\",\"B\",-2]]", "not json", "[1]", "{}"}) {
    builder.proto().mutable_metadata_props(0)->set_value(bad);
    EXPECT_EQ(builder.Make().graph().layers.at(1).type, "Relu") << bad;
  }
}

TEST(Load, HashDependsOnWeightsAndNotOnNamesOfFiles) {
  const auto hash = [](std::uint64_t seed) {
    OnnxBuilder builder;
    Random random(seed);
    builder.Input("x", {1, 40}).Output("y");
    builder.Node("MatMul", "y", {"x", builder.Weight("w", {40, 40}, random)});
    return builder.Make().Hash();
  };
  EXPECT_EQ(hash(1), hash(1));
  EXPECT_NE(hash(1), hash(2));
}

/// A model whose only weight lies in an external file at `location`.
class ExternalData : public ::testing::Test {
 protected:
  std::string ErrorWith(const std::string& location, const std::string& offset = "0") {
    OnnxBuilder builder;
    builder.Input("x", {1, 40}).Output("y");
    builder.Node("MatMul", "y", {"x", "w"});
    auto* tensor = builder.graph().add_initializer();
    tensor->set_name("w");
    tensor->set_data_type(onnx::TensorProto::FLOAT);
    tensor->add_dims(40);
    tensor->add_dims(40);
    tensor->set_data_location(onnx::TensorProto::EXTERNAL);
    for (const auto& [key, value] :
         {std::pair<std::string, std::string>{"location", location}, {"offset", offset}}) {
      auto* entry = tensor->add_external_data();
      entry->set_key(key);
      entry->set_value(value);
    }
    WriteFileAtomically(folder_.path() / "m.onnx", builder.proto().SerializeAsString());
    return ErrorOf([&] { LoadModel(folder_.path() / "m.onnx"); });
  }

  TemporaryFolder folder_;
};

TEST_F(ExternalData, IsReadFromTheModelsFolder) {
  WriteFileAtomically(folder_.path() / "w.bin", std::string(6400, '\0'));
  EXPECT_EQ(ErrorWith("w.bin"), "no error");
  EXPECT_EQ(ErrorWith("./w.bin"), "no error");
}

TEST_F(ExternalData, MustNotLeadOutOfTheModelsFolder) {
  WriteFileAtomically(folder_.path() / "w.bin", std::string(6400, '\0'));
  ASSERT_EQ(::symlink("w.bin", (folder_.path() / "link").c_str()), 0);
  EXPECT_THAT(ErrorWith("/etc/passwd"), HasSubstr("is not a path relative to the model"));
  EXPECT_THAT(ErrorWith("../w.bin"), HasSubstr("leads out of the model's folder"));
  EXPECT_THAT(ErrorWith("link"), HasSubstr("is a symbolic link"));
  EXPECT_THAT(ErrorWith(""), HasSubstr("is not a path relative to the model"));
  EXPECT_THAT(ErrorWith("absent"), HasSubstr("is not there"));
  ASSERT_EQ(::link((folder_.path() / "w.bin").c_str(), (folder_.path() / "hard").c_str()), 0);
  EXPECT_THAT(ErrorWith("hard"), HasSubstr("is a hard link"));
}

TEST_F(ExternalData, MustHoldTheWeight) {
  WriteFileAtomically(folder_.path() / "w.bin", std::string(6400, '\0'));
  EXPECT_THAT(ErrorWith("w.bin", "1"), HasSubstr("lies outside its external data file"));
  EXPECT_THAT(ErrorWith("w.bin", "-1"), HasSubstr("lies outside its external data file"));
  EXPECT_THAT(ErrorWith("w.bin", "x"), HasSubstr("lies outside its external data file"));
}

TEST(LoadFile, RefusesWhatIsNoModel) {
  const TemporaryFolder folder;
  const auto error_with = [&](const std::string& contents) {
    WriteFileAtomically(folder.path() / "m.onnx", contents);
    return ErrorOf([&] { LoadModel(folder.path() / "m.onnx"); });
  };
  EXPECT_THAT(error_with(""), HasSubstr("m.onnx: is empty"));
  EXPECT_THAT(error_with("<!DOCTYPE html><html></html>"), HasSubstr("is not an ONNX model"));
  const std::string good = TwoLayers().proto().SerializeAsString();
  EXPECT_EQ(error_with(good), "no error");
  EXPECT_THAT(error_with(good.substr(0, good.size() / 2)), HasSubstr("is not an ONNX model"));
}

TEST(LoadFile, SurvivesRandomDamage) {
  const TemporaryFolder folder;
  const std::string good = testing::RandomModel(3, 12).SerializeAsString();
  Random random(7);
  int accepted = 0;
  for (int i = 0; i < 300; ++i) {
    std::string bad = good;
    for (int flips = 1 + random.Below(4); flips > 0; --flips) {
      bad[static_cast<std::size_t>(random.Below(static_cast<int>(bad.size())))] =
          static_cast<char>(random.Below(256));
    }
    WriteFileAtomically(folder.path() / "m.onnx", bad);
    accepted += ErrorOf([&] { LoadModel(folder.path() / "m.onnx"); }) == "no error";
  }
  EXPECT_GT(accepted, 0);  // most bytes are weights
}

}  // namespace
}  // namespace scission
