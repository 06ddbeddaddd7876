// What benchmark writes beside the profile, and how much memory it takes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/child.h"
#include "base/text.h"
#include "benchmark_fixture.h"

namespace scission::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

using BenchmarkOutputs = BenchmarkFixture;

double MedianOf(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  const std::size_t middle = samples.size() / 2;
  return samples.size() % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

double BlockTime(const json& model, const json& block) {
  for (const json& range : model.at("ranges")) {
    if (range.at("first_layer") == block.at("first_layer") &&
        range.at("last_layer") == block.at("last_layer")) {
      std::vector<double> samples = range.at("samples_ms");
      if (range.contains("paces")) {
        for (std::size_t i = 0; i < samples.size(); ++i) {
          samples[i] /= range["paces"][i].get<double>();
        }
      }
      return MedianOf(samples);
    }
  }
  throw std::runtime_error("no such range");
}

/// Reads one model's table as readers of the fork's files do, line by line from `line` on.
void ExpectTableOf(const json& model, const std::vector<std::string>& lines, std::size_t& line) {
  const json& blocks = model.at("blocks");
  const int batch = model.at("batch_size");
  ASSERT_LE(line + 10 + blocks.size(), lines.size());
  EXPECT_EQ(lines[line++], model.at("model"));
  std::map<std::string, std::vector<std::string>> rows;
  for (const char* name : {"layers", "flops", "params", "output", "times"}) {
    std::vector<std::string> cells = Split(lines[line++], ',');
    ASSERT_EQ(cells.front(), name);
    ASSERT_EQ(cells.size(), 1 + blocks.size());
    rows[name] = {cells.begin() + 1, cells.end()};
  }
  EXPECT_EQ(lines[line++], "");
  EXPECT_EQ(lines[line++], "block details:");
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const json& block = blocks[i];
    const int first = block.at("first_layer");
    const int last = block.at("last_layer");
    EXPECT_EQ(rows["layers"][i], first == last
                                     ? std::to_string(first)
                                     : std::to_string(first) + "-" + std::to_string(last));
    EXPECT_EQ(ParseInteger(rows["flops"][i]), block.at("flops").get<long long>() / batch);
    EXPECT_EQ(ParseInteger(rows["params"][i]), block.at("parameters"));
    EXPECT_EQ(std::stod(rows["output"][i]) * 1048576, block.at("output_bytes"));
    EXPECT_DOUBLE_EQ(std::stod(rows["times"][i]), BlockTime(model, block));
    std::vector<std::string> details = Split(lines[line++], ',');
    EXPECT_EQ(details.front(), rows["layers"][i]);
    details.erase(details.begin());
    EXPECT_EQ(json(details), block.at("layer_types"));
  }
  EXPECT_EQ(lines[line++], "");
  EXPECT_EQ(lines[line++], "");
}

TEST_F(BenchmarkOutputs, TableSaysWhatTheProfileSays) {
  WriteModel("one.onnx", 1);
  WriteModel("two.onnx", 2);
  const auto first = Scission({"benchmark", "edge", "e", "one.onnx", "-b", "3", "-r", "2"});
  ASSERT_TRUE(IsMeasured(first)) << first.standard_error;
  EXPECT_THAT(first.standard_output, HasSubstr("blocks: ./models_profiling/e-stats-b3.csv"));
  Scission({"benchmark", "edge", "e", "two.onnx", "-b", "3", "-r", "3", "--no-plots"});
  const json profile = ReadJson("edge-e.json");
  const auto lines = Lines(ReadFile(folder_.path() / "models_profiling/e-stats-b3.csv"));
  std::size_t line = 0;
  for (const json& model : profile.at("models")) ExpectTableOf(model, lines, line);
  EXPECT_EQ(line, lines.size());
}

TEST_F(BenchmarkOutputs, TableHoldsTheModelsOfItsBatchSize) {
  WriteModel("one.onnx", 1);
  WriteModel("two.onnx", 2);
  Scission({"benchmark", "edge", "e", "one.onnx", "-r", "1", "--no-plots"});
  Scission({"benchmark", "edge", "e", "two.onnx", "-b", "2", "-r", "1", "--no-plots"});
  EXPECT_THAT(ReadFile(folder_.path() / "models_profiling/e-stats-b1.csv"), StartsWith("one\n"));
  EXPECT_THAT(ReadFile(folder_.path() / "models_profiling/e-stats-b2.csv"), StartsWith("two\n"));
}

TEST_F(BenchmarkOutputs, DrawsTwoPicturesOfEachModel) {
  WriteModel("one.onnx", 1);
  WriteModel("..onnx", 2);  // called "."
  const auto result =
      Scission({"benchmark", "edge", "my box", "one.onnx", "..onnx", "-r", "1", "-o", "out"});
  ASSERT_TRUE(IsMeasured(result)) << result.standard_error;
  const auto folder = folder_.path() / "out/models_profiling";
  for (const char* path : {"one/my box-one-performance-b1", "one/one-stats",
                           "_./my box-.-performance-b1", "_./_.-stats"}) {
    EXPECT_THAT(ReadFile(folder / (std::string(path) + ".png")), StartsWith("\x89PNG\r\n")) << path;
    EXPECT_THAT(ReadFile(folder / (std::string(path) + ".svg")), HasSubstr("</svg>")) << path;
  }
  EXPECT_THAT(ReadFile(folder / "one/my box-one-performance-b1.svg"),
              HasSubstr("one on my box, batch 1: "));
}

TEST_F(BenchmarkOutputs, KeepsTheProfileWhereGnuplotIsMissing) {
  WriteModel("one.onnx", 1);
  const auto result = RunProcess(
      {"/usr/bin/env", "PATH=/nowhere", Program(), "benchmark", "edge", "e", "one.onnx", "-r", "1"},
      folder_.path());
  EXPECT_TRUE(IsMeasured(result));
  EXPECT_THAT(result.standard_error, HasSubstr("warning: the pictures are left out (--no-plots): "
                                               "gnuplot: is not installed"));
  EXPECT_THAT(result.standard_output, Not(HasSubstr("pictures:")));
  EXPECT_TRUE(Exists("edge-e.json"));
  EXPECT_TRUE(Exists("models_profiling/e-stats-b1.csv"));
}

TEST_F(BenchmarkOutputs, KeepsBuiltInModelsOnlyWhereAsked) {
  Scission({"benchmark", "edge", "e", "mobilenetv2", "-r", "1", "--no-plots"});
  EXPECT_FALSE(Exists("models"));
  const auto result =
      Scission({"benchmark", "edge", "e", "MobileNetV2", "-r", "1", "--no-plots", "-s", "true"});
  ASSERT_TRUE(IsMeasured(result)) << result.standard_error;
  const auto inspected = Scission({"inspect", "models/mobilenetv2.onnx", "--format", "json"});
  EXPECT_EQ(json::parse(inspected.standard_output).at("hash"),
            ReadJson("edge-e.json").at("models").at(0).at("model_hash"));
}

TEST_F(BenchmarkOutputs, SaysThatTheDiskBehindStandardOutputIsFull) {
  WriteModel("one.onnx", 1);
  const auto result =
      RunProcess({"/bin/sh", "-c", "\"$0\" benchmark edge e one.onnx -r 1 > /dev/full", Program()},
                 folder_.path());
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.standard_error, HasSubstr("standard output: cannot be written"));
  EXPECT_TRUE(Exists("edge-e.json"));
}

/// A convolution, and a matrix with most of the weights: what a block needs while it is made is
/// largest. Built in a process of its own, so that this one stays small.
std::size_t WriteLargeModel(const std::filesystem::path& file) {
  constexpr int kChannels = 1024;
  constexpr int kFeatures = kChannels * 8 * 8;
  constexpr int kHidden = 700;
  const ChildResult child = RunInChild([&] {
    OnnxBuilder builder;
    Random random(1);
    builder.Input("x", {1, kChannels, 10, 10}).Output("y");
    builder.Node("Conv", "conv",
                 {"x", builder.Weight("w1", {kChannels, kChannels, 3, 3}, random, 1e-2)});
    builder.Node("Flatten", "flat", {"conv"});
    builder.Node("MatMul", "hidden",
                 {"flat", builder.Weight("w2", {kFeatures, kHidden}, random, 1e-2)});
    builder.Node("MatMul", "y", {"hidden", builder.Weight("w3", {kHidden, 1000}, random, 1e-1)});
    WriteFileAtomically(file, builder.proto().SerializeAsString());
    return 0;
  });
  EXPECT_EQ(child.exit_code, 0);
  return (std::size_t{kChannels} * kChannels * 9 + std::size_t{kFeatures} * kHidden +
          kHidden * 1000) *
         sizeof(float);
}

/// Two blocks, of which the first has nearly all weights: convolutions, each with what the engine
/// folds into it, that a sum around them keeps together.
std::size_t WriteLargeConvolutions(const std::filesystem::path& file) {
  constexpr int kChannels = 512;
  constexpr int kConvolutions = 14;
  const ChildResult child = RunInChild([&] {
    OnnxBuilder builder;
    Random random(1);
    builder.Input("x0", {1, kChannels, 4, 4}).Output("y");
    std::string last = "x0";
    for (int i = 1; i <= kConvolutions; ++i) {
      const std::string n = std::to_string(i);
      OnnxBuilder::SetInts(
          builder.Node("Conv", "conv" + n,
                       {last, builder.Weight("w" + n, {kChannels, kChannels, 3, 3}, random, 1e-2)}),
          "pads", {1, 1, 1, 1});
      last = "x" + n;
      builder.Node("Mul", last, {"conv" + n, builder.Weight("m" + n, {kChannels, 1, 1}, random)});
    }
    builder.Node("Add", "sum", {"x0", last});
    builder.Node("Conv", "y", {"sum", builder.Weight("w", {16, kChannels, 1, 1}, random, 1e-2)});
    WriteFileAtomically(file, builder.proto().SerializeAsString());
    return 0;
  });
  EXPECT_EQ(child.exit_code, 0);
  return std::size_t{kConvolutions} * kChannels * kChannels * 9 * sizeof(float);
}

constexpr std::size_t kProgram = 100u << 20;  // 60 MB of it ONNX Runtime, the rest in reserve

TEST_F(BenchmarkOutputs, TakesTwiceTheMemoryOfTheWeightsAtMost) {
  const std::size_t weights = WriteLargeModel(folder_.path() / "large.onnx");
  const auto result = Scission({"benchmark", "edge", "e", "large.onnx", "-r", "1", "--no-plots"});
  ASSERT_TRUE(IsMeasured(result)) << result.standard_error;
  EXPECT_EQ(ReadJson("edge-e.json").at("models").at(0).at("blocks").size(), 3u);
  EXPECT_LT(result.peak_memory_bytes, 2 * weights + kProgram);
  EXPECT_GT(result.peak_memory_bytes, 2 * weights) << "what is measured is not what is meant";
}

TEST_F(BenchmarkOutputs, TakesTwiceTheMemoryOfConvolutionsAtMost) {
  const std::size_t weights = WriteLargeConvolutions(folder_.path() / "large.onnx");
  const auto result = Scission({"benchmark", "edge", "e", "large.onnx", "-r", "1", "--no-plots"});
  ASSERT_TRUE(IsMeasured(result)) << result.standard_error;
  EXPECT_EQ(ReadJson("edge-e.json").at("models").at(0).at("blocks").size(), 2u);
  EXPECT_LT(result.peak_memory_bytes, 2 * weights + kProgram);
}

}  // namespace
}  // namespace scission::testing
