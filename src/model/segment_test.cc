// Parts of models as files. That they compute the same is proven in engine/split_test.cc.
#include "model/segment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/checker.h>

#include "base/file.h"
#include "model/contents.h"
#include "model/cuts.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using ::testing::ElementsAre;
using testing::OnnxBuilder;

std::vector<std::string> Names(const std::vector<TensorSpec>& specs) {
  std::vector<std::string> names;
  for (const TensorSpec& spec : specs) names.push_back(spec.name);
  return names;
}

/// Two of them, one behind a Relu.
Model ModelThatPadsBeforeMaxPools() {
  OnnxBuilder builder;
  builder.Input("x", {1, 1, 4, 4}).Output("f");
  const std::string pads = builder.Integers("pads", {0, 0, 1, 1, 0, 0, 1, 1});
  builder.Node("Pad", "a", {"x", pads});
  OnnxBuilder::SetInts(builder.Node("MaxPool", "b", {"a"}), "kernel_shape", {3, 3});
  builder.Node("Relu", "c", {"b"});
  builder.Node("Pad", "d", {"c", pads});
  OnnxBuilder::SetInts(builder.Node("MaxPool", "e", {"d"}), "kernel_shape", {3, 3});
  builder.Node("Relu", "f", {"e"});
  return builder.Make();
}

TEST(Segment, TellsWhereAMaxPoolReadsPaddedValuesThatMayBeNegative) {
  const Model model = ModelThatPadsBeforeMaxPools();
  EXPECT_TRUE(ExtractSegment(model, WholeOf(model.graph())).has_pad_before_max_pool);
  EXPECT_TRUE(ExtractSegment(model, {0, 1}).has_pad_before_max_pool);
  EXPECT_FALSE(ExtractSegment(model, {1, 5}).has_pad_before_max_pool);
  EXPECT_FALSE(ExtractSegment(model, {3, 4}).has_pad_before_max_pool);  // a Relu is before it
}

TEST(Segment, HasTheCrossingTensorsAsInputsAndOutputs) {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Output("e");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Relu", "b", {"a"});
  builder.Node("Relu", "c", {"a"});
  builder.Node("Add", "d", {"b", "c"});
  builder.Node("Add", "e", {"d", "a"});
  const Model model = builder.Make();
  const SegmentModel middle = ExtractSegment(model, {1, 2});
  EXPECT_THAT(Names(middle.inputs), ElementsAre("a"));
  EXPECT_THAT(Names(middle.outputs), ElementsAre("b", "c"));
  const SegmentModel end = ExtractSegment(model, {3, 4});
  EXPECT_THAT(Names(end.inputs), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Names(end.outputs), ElementsAre("e"));
}

TEST(Segment, FilesOfRandomModelsPassTheCheckerAndLoadAgain) {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    const Model model = MakeModel(testing::RandomModel(seed, 10), "random", "random", "", {});
    for (const LayerRange& block : BlocksBetween(model.graph(), FindCuts(model.graph(), 2))) {
      const auto file = folder.path() / "part.onnx";
      WriteSegment(model, block, file);
      onnx::ModelProto part;
      ASSERT_TRUE(part.ParseFromString(ReadFile(file)));
      EXPECT_NO_THROW(onnx::checker::check_model(part));
      EXPECT_EQ(LoadModel(file).graph().layers.size(),
                static_cast<std::size_t>(block.last - block.first + 1));
    }
  }
}

TEST(Segment, KeepsTheWholeModelsHashThroughAFile) {
  const TemporaryFolder folder;
  const Model model = MakeModel(testing::RandomModel(5, 12), "random", "random", "", {});
  WriteSegment(model, WholeOf(model.graph()), folder.path() / "whole.onnx");
  const Model again = LoadModel(folder.path() / "whole.onnx");
  EXPECT_EQ(again.graph().parameters, model.graph().parameters);
  EXPECT_EQ(again.Hash(), model.Hash());
}

TEST(Segment, KeepsLargeWeightsInAFileBesideIt) {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {1, 40}).Output("y");
  builder.Node("MatMul", "a", {"x", builder.Weight("w1", {40, 40}, random)});
  builder.Node("MatMul", "y", {"a", builder.Weight("w2", {40, 40}, random)});
  const Model model = builder.Make();
  const TemporaryFolder folder;
  const auto file = folder.path() / "m.onnx";
  WriteSegment(model, WholeOf(model.graph()), file, /*max_onnx_bytes=*/5000);
  EXPECT_LT(std::filesystem::file_size(file), 5000u);
  EXPECT_EQ(std::filesystem::file_size(file.string() + ".data"), 8192u + 6400u);  // page-aligned
  EXPECT_EQ(LoadModel(file).Hash(), model.Hash());
}

TEST(Segment, KeepsLayerNamesOfBuiltInModels) {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Output("d");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Relu", "b", {"a"});
  builder.Node("Relu", "c", {"b"});
  builder.Node("Relu", "d", {"c"});
  auto* entry = builder.proto().add_metadata_props();
  entry->set_key("scission.layers");
  entry->set_value(
      R"([["in","InputLayer",0],["one","Pair",2],["two","Relu",1],["three","Relu",1]])");
  const TemporaryFolder folder;
  WriteSegment(builder.Make(), {1, 2}, folder.path() / "m.onnx");
  const Graph graph = LoadModel(folder.path() / "m.onnx").graph();
  ASSERT_EQ(graph.layers.size(), 2u);
  EXPECT_EQ(graph.layers[0].name, "one");
  EXPECT_EQ(graph.layers[1].name, "two");
}

}  // namespace
}  // namespace scission
