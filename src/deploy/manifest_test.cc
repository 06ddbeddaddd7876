// The segments on disk, run by what the manifest says and by nothing else, give what the whole
// model gives.
#include "deploy/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/testing/error_of.h"
#include "deploy/testing/run_split.h"
#include "engine/compare.h"
#include "engine/random_input.h"
#include "engine/testing/run_chain.h"
#include "model/contents.h"
#include "model/cuts.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;
using testing::OnnxBuilder;

std::vector<PlannedSegment> Unplanned(const std::vector<LayerRange>& ranges) {
  std::vector<PlannedSegment> segments;
  for (const LayerRange& range : ranges) segments.push_back({range, "", ""});
  return segments;
}

Json ReadManifest(const fs::path& folder) {
  return Json::parse(ReadFile(folder / "manifest.json"));
}

std::vector<std::string> Names(const Json& tensors) {
  std::vector<std::string> names;
  for (const Json& tensor : tensors) names.push_back(tensor["name"]);
  return names;
}

/// Returns how many tensors pass by segments.
std::size_t ExpectFilesEqualWhole(const Model& model, const std::vector<LayerRange>& ranges,
                                  std::size_t max_onnx_bytes = kMaxOnnxBytes) {
  const TemporaryFolder folder;
  WriteSplit(model, Unplanned(ranges), folder.path(), max_onnx_bytes);
  const LayerRange whole = WholeOf(model.graph());
  const TensorMap inputs = RandomInputs(ExtractSegment(model, whole).inputs, 1);
  const TensorMap expected = testing::RunChain(model, {whole}, inputs);
  const TensorMap actual = testing::RunSplit(folder.path(), inputs);
  for (const auto& [name, value] : actual) {
    EXPECT_EQ(Difference(expected.at(name), value), std::nullopt) << name;
  }
  EXPECT_EQ(actual.size(), model.graph().outputs.size());
  std::size_t passing = 0;
  const Json manifest = ReadManifest(folder.path());
  for (const Json& segment : manifest["segments"]) passing += segment["passes_by"].size();
  return passing;
}

TEST(Manifest, LetsARunnerRunRandomModelsFromTheirFiles) {
  std::size_t segment_count = 0;
  std::size_t passing = 0;
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    SCOPED_TRACE(seed);
    const Model model = MakeModel(testing::RandomModel(seed, 12), "random", "random", "", {});
    const auto blocks = BlocksBetween(model.graph(), FindCuts(model.graph(), 3));
    segment_count += blocks.size();
    // Half of them with the weights in files of their own.
    passing += ExpectFilesEqualWhole(model, blocks, seed % 2 == 0 ? kMaxOnnxBytes : 2000);
  }
  EXPECT_GT(segment_count, 150u);  // else the models prove nothing
  EXPECT_GT(passing, 30u);
}

/// x -> a -> b -> c -> d, and `a` is read by `d` too: it crosses two cuts.
Model SkippingModel() {
  OnnxBuilder builder;
  builder.Input("x", {-1, 4}).Output("d");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Sigmoid", "b", {"a"});
  builder.Node("Tanh", "c", {"b"});
  builder.Node("Add", "d", {"c", "a"});
  return builder.Make();
}

TEST(Manifest, NamesWhatPassesByASegment) {
  const TemporaryFolder folder;
  const Model model = SkippingModel();
  WriteSplit(model, {{{0, 0}, "pi", "device"}, {{1, 1}, "", ""}, {{2, 3}, "gpu", "cloud"}},
             folder.path());
  const Json manifest = ReadManifest(folder.path());
  EXPECT_EQ(manifest["format"], "scission-split");
  EXPECT_EQ(manifest["version"], 1);
  EXPECT_EQ(manifest["model"], "test");
  EXPECT_EQ(manifest["model_hash"], model.Hash());
  EXPECT_THAT(Names(manifest["inputs"]), ElementsAre("x"));
  EXPECT_THAT(Names(manifest["outputs"]), ElementsAre("d"));
  const Json& segments = manifest["segments"];
  ASSERT_EQ(segments.size(), 3u);
  EXPECT_EQ(segments[0]["host"], "pi");
  EXPECT_EQ(segments[0]["tier"], "device");
  EXPECT_TRUE(segments[1]["host"].is_null());
  EXPECT_THAT(Names(segments[0]["outputs"]), ElementsAre("a"));
  EXPECT_THAT(Names(segments[0]["passes_by"]), ElementsAre());
  EXPECT_THAT(Names(segments[1]["inputs"]), ElementsAre("a"));
  EXPECT_THAT(Names(segments[1]["outputs"]), ElementsAre("b"));
  EXPECT_THAT(Names(segments[1]["passes_by"]), ElementsAre("a"));
  EXPECT_THAT(Names(segments[2]["inputs"]), ElementsAre("a", "b"));
  EXPECT_EQ(segments[1]["passes_by"][0],
            Json::parse(R"({"name": "a", "type": "float32", "shape": [1, 4], "bytes": 16})"));
  EXPECT_EQ(segments[2]["first_layer"], 2);
  EXPECT_EQ(segments[2]["last_layer"], 3);
  EXPECT_EQ(segments[2]["last_layer_name"], "d");
  EXPECT_EQ(segments[2]["files"][0]["name"], "segment-3-layers-2-3.onnx");
}

TEST(Manifest, CarriesAnEarlyOutputToTheEnd) {
  OnnxBuilder builder;
  builder.Input("x", {2}).Output("a").Output("c");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Sigmoid", "b", {"a"});
  builder.Node("Tanh", "c", {"b"});
  const Model model = builder.Make();
  EXPECT_EQ(ExpectFilesEqualWhole(model, {{0, 0}, {1, 1}, {2, 2}}), 2u);
}

TEST(Manifest, ListsTheFileOfLargeWeights) {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {1, 40}).Output("y");
  builder.Node("MatMul", "a", {"x", builder.Weight("w1", {40, 40}, random)});
  builder.Node("MatMul", "y", {"a", builder.Weight("w2", {40, 40}, random)});
  const Model model = builder.Make();
  const TemporaryFolder folder;
  WriteSplit(model, Unplanned({{0, 0}, {1, 1}}), folder.path(), /*max_onnx_bytes=*/5000);
  const Json files = ReadManifest(folder.path())["segments"][1]["files"];
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[1]["name"], "segment-2-layers-1-1.onnx.data");
  EXPECT_EQ(files[1]["bytes"], 6400);
  ExpectFilesEqualWhole(model, {{0, 0}, {1, 1}}, 5000);
}

/// NonZero: how many elements its output has depends on the values of x.
Model DynamicModel() {
  OnnxBuilder builder;
  builder.Input("x", {6}).Output("y");
  builder.Node("Relu", "a", {"x"});
  builder.Node("NonZero", "y", {"a"});
  builder.graph().mutable_output(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
      onnx::TensorProto::INT64);
  LoadOptions options;
  options.trace_shapes = TraceShapes;
  return builder.Make(options);
}

TEST(Manifest, LeavesOpenWhatDependsOnValues) {
  const TemporaryFolder folder;
  WriteSplit(DynamicModel(), Unplanned({{0, 0}, {1, 1}}), folder.path());
  const Json output = ReadManifest(folder.path())["outputs"][0];
  EXPECT_EQ(output["type"], "int64");
  EXPECT_TRUE(output["shape"].is_null());
  EXPECT_TRUE(output["bytes"].is_null());
  onnx::ModelProto file;
  ASSERT_TRUE(file.ParseFromString(ReadFile(folder.path() / "segment-2-layers-1-1.onnx")));
  const auto& shape = file.graph().output(0).type().tensor_type().shape();
  ASSERT_EQ(shape.dim_size(), 2);
  EXPECT_FALSE(shape.dim(1).has_dim_value());
}

TEST(Manifest, RefusesNamesThatAreNotText) {
  OnnxBuilder builder;
  builder.Input("x", {2}).Output("y");
  builder.Node("Relu", "a\xFF", {"x"});
  builder.Node("Relu", "y", {"a\xFF"});
  const Model model = builder.Make();
  const TemporaryFolder folder;
  EXPECT_EQ(testing::ErrorOf([&] {
              WriteSplit(model, Unplanned({{0, 0}, {1, 1}}), folder.path());
            }),
            "test: tensor 'a?': its name is not valid UTF-8");
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace scission
