// What a user can get wrong with models and images.
#include <gtest/gtest.h>

#include "bad_input.h"
#include "base/random.h"
#include "model/testing/onnx_builder.h"

namespace scission::testing {
namespace {

std::string RandomBytes() {
  Random random(11);
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += static_cast<char>(random.Below(256));
  return bytes;
}

OnnxBuilder Chain(const Shape& input = {1, 3, 8, 8}) {
  OnnxBuilder builder;
  builder.Input("x", input).Output("b");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Relu", "b", {"a"});
  return builder;
}

std::string Text(OnnxBuilder builder) { return builder.proto().SerializeAsString(); }

const std::string kGood = Text(Chain());

std::string WithCycle() {
  OnnxBuilder builder = Chain();
  builder.graph().mutable_node(0)->set_input(0, "b");
  return Text(builder);
}

std::string WithDuplicateName() {
  OnnxBuilder builder = Chain();
  builder.graph().mutable_node(1)->set_output(0, "a");
  return Text(builder);
}

std::string WithZeroStride() {
  OnnxBuilder builder = Chain();
  auto* node = builder.graph().mutable_node(1);
  node->set_op_type("MaxPool");
  OnnxBuilder::SetInts(*node, "kernel_shape", {1, 1});
  OnnxBuilder::SetInts(*node, "strides", {0, 0});
  return Text(builder);
}

std::string WithUnknownOperator() {
  OnnxBuilder builder = Chain();
  builder.graph().mutable_node(1)->set_op_type("NoSuchOperator");
  return Text(builder);
}

/// Cases that every command that opens a model must stand.
std::vector<BadInput> ModelCases(const std::string& name, const std::vector<std::string>& command) {
  const auto with = [&](const std::string& suffix, const Preparation& prepare,
                        const std::string& fragment) {
    return BadInput{name + suffix, prepare, command, 2, fragment};
  };
  const auto contents = [&](const std::string& suffix, const std::string& data,
                            const std::string& fragment) {
    return with(suffix, File("m.onnx", data), fragment);
  };
  return {
      with("Missing", Nothing(), "m.onnx: there is no such file and no such built-in model"),
      contents("Empty", "", "m.onnx: is empty"),
      contents("Truncated", kGood.substr(0, kGood.size() - 9), "m.onnx: is not an ONNX model"),
      contents("Random", RandomBytes(), "m.onnx: is not an ONNX model"),
      contents("Html", "<!DOCTYPE html><html></html>\n", "m.onnx: is not an ONNX model"),
      with("Folder", Folder("m.onnx"), "m.onnx: is a directory"),
      with("Fifo", Fifo("m.onnx"), "m.onnx: is not a file"),
      contents("Cycle", WithCycle(), "m.onnx: node 'a' (Relu): is part of a cycle"),
      contents("DuplicateName", WithDuplicateName(), "the name 'a' is given to more than one"),
      contents("ZeroStride", WithZeroStride(), "attribute 'strides' is 0"),
      contents("UnknownOperator", WithUnknownOperator(), "m.onnx: is not valid ONNX"),
      contents("HugeDimension", Text(Chain({1, std::int64_t{1} << 60})), "is too large"),
      contents("FreeDimension", Text(Chain({-1, -2})), "give their sizes with A=N (--dim)"),
  };
}

std::vector<BadInput> OptionCases() {
  const Preparation good = File("m.onnx", kGood);
  const std::vector<std::string> benchmark = {"benchmark", "device", "pi"};
  const auto with = [](std::vector<std::string> command, const std::vector<std::string>& more) {
    command.insert(command.end(), more.begin(), more.end());
    return command;
  };
  return {
      {"NoCommand", Nothing(), {"fly"}, 2, "there is no command 'fly'"},
      {"CommandTypo", Nothing(), {"inspct"}, 2, "did you mean 'inspect'?"},
      {"HiddenCommand", Nothing(), {"segment-runner"}, 2, "is for scission itself"},
      {"InspectNothing", Nothing(), {"inspect"}, 2, "MODEL is required"},
      {"InspectTypo", Nothing(), {"inspect", "resnet5"}, 2, "did you mean 'resnet50'?"},
      {"InspectFormat", good, {"inspect", "m.onnx", "--format", "xml"}, 2, "--format"},
      {"InspectBatch", good, {"inspect", "m.onnx", "-b", "4"}, 2, "fixed batch size of 1, not 4"},
      {"InspectDim", good, {"inspect", "m.onnx", "--dim", "seq"}, 2, "--dim seq: must be NAME=N"},
      {"InspectDims",
       good,
       {"inspect", "m.onnx", "--dim", "seq", "--dim", "s=1"},
       2,
       "--dim seq: must be NAME=N"},
      {"InspectNoDim", good, {"inspect", "m.onnx", "--dim", "s=1"}, 2, "no free dimension 's'"},
      {"ExportUnknown", Nothing(), {"export", "bert"}, 2, "'bert' is not a built-in model"},
      {"ExportNowhere",
       Nothing(),
       {"export", "mobilenetv2", "-o", "no/m.onnx"},
       2,
       "no/m.onnx: cannot be written"},
      {"ExportOntoFolder",
       Folder("mobilenetv2.onnx"),
       {"export", "mobilenetv2"},
       2,
       "mobilenetv2.onnx: is a directory"},
      {"ModelsFormat", Nothing(), {"models", "--format", "xml"}, 2, "--format"},
      {"BenchmarkTier", good, {"benchmark", "a-b", "pi", "m.onnx"}, 2, "TIER: must be a word"},
      {"BenchmarkName", good, {"benchmark", "device", "a/b", "m.onnx"}, 2, "NAME: must be a name"},
      {"BenchmarkRepeats", good, with(benchmark, {"m.onnx", "-r", "0"}), 2, "--repeats"},
      {"BenchmarkProvider", good, with(benchmark, {"m.onnx", "--provider", "tpu"}), 2,
       "--provider: 'tpu' is not known; it is one of cpu, webgpu, cuda"},
      {"BenchmarkOutput", Both(good, File("o", "")), with(benchmark, {"m.onnx", "-o", "o"}), 2,
       "o: cannot be made a folder"},
      {"BenchmarkOldProfile", Both(good, File("device-pi.json", "{}")), with(benchmark, {"m.onnx"}),
       2, "device-pi.json: "},
      {"BenchmarkForeignProfile",
       Both(good, File("device-pi.json", R"({"format": "scission-profile", "version": 1, "host":
{"name": "other", "tier": "device", "cpu": "", "cores": 0, "memory_bytes": 0, "governor": "",
"os": ""}, "models": []})")),
       with(benchmark, {"m.onnx"}), 2, "device-pi.json: holds the profile of other (device)"},
      {"ImageBehindModels", Both(good, File("cat.png", "")), with(benchmark, {"m.onnx", "cat.png"}),
       2, "cat.png: is an image"},
      {"ModelNameTooLong", Nothing(), {"inspect", std::string(300, 'm')}, 2, "File name too long"},
      {"ImageMissing", good, with(benchmark, {"cat.png", "m.onnx"}), 2,
       "cat.png: cannot be opened"},
      {"ImageFolder", Both(good, Folder("cat.png")), with(benchmark, {"cat.png", "m.onnx"}), 2,
       "cat.png: is a directory"},
      {"ImageFifo", Both(good, Fifo("cat.jpg")), with(benchmark, {"cat.jpg", "m.onnx"}), 2,
       "cat.jpg: is not a file"},
      {"ImageEmpty", Both(good, File("cat.png", "")), with(benchmark, {"cat.png", "m.onnx"}), 2,
       "cat.png: "},
      {"ImageHtml", Both(good, File("cat.jpg", "<html></html>")),
       with(benchmark, {"cat.jpg", "m.onnx"}), 2, "cat.jpg: "},
      {"ImageRandom", Both(good, File("cat.bmp", RandomBytes())),
       with(benchmark, {"cat.bmp", "m.onnx"}), 2, "cat.bmp: "},
      {"ImageForNoImageModel",
       Both(File("m.onnx", Text(Chain({1, 10}))), File("cat.bmp", RandomBytes())),
       with(benchmark, {"cat.bmp", "m.onnx"}), 2, "which no image fits"},
  };
}

INSTANTIATE_TEST_SUITE_P(Inspect, BadInputTest,
                         ::testing::ValuesIn(ModelCases("Inspect", {"inspect", "m.onnx"})),
                         CaseName);
INSTANTIATE_TEST_SUITE_P(Graph, BadInputTest,
                         ::testing::ValuesIn(ModelCases("Graph", {"graph", "m.onnx", "-o", "out"})),
                         CaseName);
INSTANTIATE_TEST_SUITE_P(Benchmark, BadInputTest,
                         ::testing::ValuesIn(ModelCases("Benchmark", {"benchmark", "device", "pi",
                                                                      "m.onnx", "-o", "out"})),
                         CaseName);
INSTANTIATE_TEST_SUITE_P(Options, BadInputTest, ::testing::ValuesIn(OptionCases()), CaseName);

}  // namespace
}  // namespace scission::testing
