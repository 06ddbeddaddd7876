// `scission split` end to end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bad_input.h"
#include "base/file.h"
#include "deploy/testing/run_split.h"
#include "deploy/testing/triton_rules.h"
#include "engine/compare.h"
#include "engine/random_input.h"
#include "engine/testing/run_chain.h"
#include "model/testing/onnx_builder.h"
#include "process.h"
#include "zoo/open_model.h"

namespace scission::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

std::vector<std::string> Names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

class SplitCommand : public ::testing::Test {
 protected:
  ProcessResult Scission(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), Program());
    return RunProcess(arguments, folder_.path());
  }

  void WriteModel(const std::string& file, std::uint64_t seed) const {
    WriteFileAtomically(folder_.path() / file, RandomModel(seed, 10).SerializeAsString());
  }

  Json ReadJson(const std::string& file) const {
    return Json::parse(ReadFile(folder_.path() / file));
  }

  /// What predict says of `model`, measured on a device and a cloud that must share it.
  void WritePlan(const std::string& model) const {
    for (const char* tier : {"device", "cloud"}) {
      // 4: measured, but other tests ran meanwhile.
      ASSERT_THAT(
          Scission({"benchmark", tier, std::string("my") + tier, model, "-r", "1"}).exit_code,
          AnyOf(0, 4));
    }
    WriteFileAtomically(folder_.path() / "n.csv", "a,b,c,d\nmydevice,mycloud,1,100\n");
    const auto plan = Scission({"predict", ".", "n.csv", fs::path(model).stem(), "-d", "!-1", "-c",
                                "!-1", "--format", "json", "--save", "plan.json"});
    ASSERT_EQ(plan.exit_code, 0) << plan.standard_error;
    Json saved = ReadJson("plan.json");
    saved.erase("inputs");
    EXPECT_EQ(saved, Json::parse(plan.standard_output));
  }

  TemporaryFolder folder_;
};

void ExpectFilesEqualWhole(const fs::path& folder, const Model& model) {
  const LayerRange whole = WholeOf(model.graph());
  const TensorMap inputs = RandomInputs(ExtractSegment(model, whole).inputs, 1);
  const TensorMap expected = RunChain(model, {whole}, inputs);
  for (const auto& [name, value] : RunSplit(folder, inputs)) {
    EXPECT_EQ(Difference(expected.at(name), value), std::nullopt) << name;
  }
}

TEST_F(SplitCommand, WritesFilesThatGiveWhatTheModelGives) {
  const auto result = Scission({"split", "ResNet50", "--at", "80,38,80", "-o", "parts"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(result.standard_output,
            "parts: 3 segments of resnet50\n"
            "  layers 0 - 38, 3.2113 MB out\n"
            "  layers 39 - 80, 1.6056 MB out\n"
            "  layers 81 - 176, 0.0040 MB out\n");
  EXPECT_THAT(Names(folder_.path()), ElementsAre("parts"));
  EXPECT_THAT(Names(folder_.path() / "parts"),
              ElementsAre("manifest.json", "segment-1-layers-0-38.onnx",
                          "segment-2-layers-39-80.onnx", "segment-3-layers-81-176.onnx"));
  ExpectFilesEqualWhole(folder_.path() / "parts", OpenModel("resnet50", {}));
}

TEST_F(SplitCommand, BindsTheBatchAndCutsSeveralTensors) {
  const auto result = Scission(
      {"split", "resnet50", "--at", "9", "--max-cut-tensors", "2", "-b", "3", "-o", "parts"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const Json segment = ReadJson("parts/manifest.json")["segments"][0];
  EXPECT_EQ(segment["outputs"].size(), 2u);
  EXPECT_EQ(segment["outputs"][0]["shape"], Json({3, 64, 56, 56}));
  LoadOptions options;
  options.batch_size = 3;
  ExpectFilesEqualWhole(folder_.path() / "parts", OpenModel("resnet50", options));
}

TEST_F(SplitCommand, WritesATritonRepository) {
  const auto result =
      Scission({"split", "mobilenetv2", "--at", "27,116", "--triton", "-o", "repository"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const auto models = ReadTritonRepository(folder_.path() / "repository");
  EXPECT_THAT(BrokenTritonRules(models), ElementsAre());
  ASSERT_EQ(models.size(), 4u);
  EXPECT_EQ(models.at("mobilenetv2").config.ensemble_scheduling().step_size(), 3);
}

TEST_F(SplitCommand, FollowsAPlan) {
  WriteModel("M.onnx", 1);
  WritePlan("M.onnx");
  const auto result = Scission({"split", "M.onnx", "--plan", "plan.json", "-o", "parts"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_THAT(result.standard_output, HasSubstr(" for mydevice, "));
  const Json stages = ReadJson("plan.json")["plans"][0]["stages"];
  const Json manifest = ReadJson("parts/manifest.json");
  EXPECT_EQ(manifest["model_hash"], ReadJson("plan.json")["model_hash"]);
  ASSERT_EQ(manifest["segments"].size(), 2u);
  for (int i = 0; i < 2; ++i) {
    for (const char* key : {"host", "tier", "first_layer", "last_layer"}) {
      EXPECT_EQ(manifest["segments"][i][key], stages[i][key]) << key;
    }
  }
  ExpectFilesEqualWhole(folder_.path() / "parts", LoadModel(folder_.path() / "M.onnx"));
}

TEST_F(SplitCommand, RefusesAPlanWhoseModelHasChanged) {
  WriteModel("m.onnx", 1);
  WritePlan("m.onnx");
  const std::vector<std::string> split = {"split", "m.onnx", "--plan", "plan.json", "-o", "parts"};
  WriteModel("m.onnx", 2);
  const auto result = Scission(split);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.standard_error,
            "scission: error: plan.json: 'm' is no longer the model that was measured, or -b or "
            "--dim is another (the hashes differ)\n");
  EXPECT_FALSE(fs::exists(folder_.path() / "parts"));
  WriteModel("m.onnx", 1);
  EXPECT_EQ(Scission(split).exit_code, 0);
}

TEST_F(SplitCommand, RefusesASavedPlanWhoseInputsHaveChanged) {
  WriteModel("m.onnx", 1);
  WritePlan("m.onnx");
  const auto split = [&](const std::string& folder) {
    return Scission({"split", "m.onnx", "--plan", "plan.json", "-o", folder});
  };
  for (const std::string changed : {"cloud-mycloud.json", "n.csv"}) {
    const std::string before = ReadFile(folder_.path() / changed);
    WriteFileAtomically(folder_.path() / changed, before + "\n");
    const auto result = split("parts");
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.standard_error, "scission: error: plan.json: was made from " + changed +
                                         ", which has changed since; make it anew with 'predict "
                                         "--save'\n");
    WriteFileAtomically(folder_.path() / changed, before);
  }
  EXPECT_EQ(split("parts").exit_code, 0);
  fs::remove(folder_.path() / "n.csv");
  EXPECT_EQ(split("others").exit_code, 0);
}

TEST_F(SplitCommand, LeavesNothingWhereTheDiskIsFull) {
  const auto result = RunProcess(
      {"/bin/sh", "-c", "ulimit -f 2000; exec \"$0\" split resnet50 --at 38 -o parts", Program()},
      folder_.path());
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(Lines(result.standard_error).size(), 1u) << result.standard_error;
  EXPECT_THAT(Names(folder_.path()), ElementsAre());
}

TEST_F(SplitCommand, LeavesNothingWhenInterrupted) {
  const auto result = RunProcess({"/usr/bin/timeout", "--preserve-status", "-s", "INT", "0.5",
                                  Program(), "split", "vgg19", "--at", "6", "-o", "parts"},
                                 folder_.path());
  EXPECT_EQ(result.exit_code, 130) << result.standard_error;
  EXPECT_THAT(Names(folder_.path()), ElementsAre());
}

// ---- What a user can get wrong ----

/// Can be cut behind layer 0 alone; behind the layers 1 and 2, two tensors cross.
std::string Branching() {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Output("y");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Tanh", "b", {"a"});
  builder.Node("Sigmoid", "c", {"a"});
  builder.Node("Add", "y", {"b", "c"});
  return builder.proto().SerializeAsString();
}

/// The smallest integer divided by -1, which no integer holds: the process that loads it dies.
std::string Crashing() {
  OnnxBuilder builder(18);
  builder.Input("x", {1, 8}).Output("y");
  for (auto* value : {builder.graph().mutable_input(0), builder.graph().mutable_output(0)}) {
    value->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::INT64);
  }
  builder.Node("Sub", "zero", {"x", "x"});
  builder.Node("Add", "smallest", {"zero", builder.Integers("min", {INT64_MIN})});
  builder.Node("Sub", "minus_one", {"zero", builder.Integers("one", {1})});
  builder.Node("Div", "y", {"smallest", "minus_one"});
  return builder.proto().SerializeAsString();
}

Preparation Plan(const std::string& model, const std::string& hash, int first_end, int last) {
  const Json plan = {
      {"latency_ms", 1},
      {"stages",
       {{{"host", "a"},
         {"tier", "device"},
         {"first_layer", 0},
         {"last_layer", first_end},
         {"compute_ms", 1},
         {"measured_as_one", true}},
        {{"host", "b"},
         {"tier", "cloud"},
         {"first_layer", first_end + 1},
         {"last_layer", last},
         {"compute_ms", 1},
         {"measured_as_one", true}}}},
      {"hops", Json::array({{{"from", "a"}, {"to", "b"}, {"bytes", 1}, {"time_ms", 1}}})}};
  const Json file = {{"format", "scission-plans"},
                     {"version", 1},
                     {"model", model},
                     {"model_hash", hash},
                     {"plans", Json::array({plan})}};
  return File("plan.json", file.dump());
}

std::vector<BadInput> SplitCases() {
  const Preparation good = File("m.onnx", Branching());
  const auto at = [&](const std::string& name, const std::string& layers,
                      const std::string& fragment) {
    return BadInput{name, good, {"split", "m.onnx", "--at", layers, "-o", "out"}, 2, fragment};
  };
  const auto into = [&](const std::string& name, const Preparation& prepare,
                        const std::string& output, const std::string& fragment) {
    return BadInput{
        name, Both(good, prepare), {"split", "m.onnx", "--at", "0", "-o", output}, 2, fragment};
  };
  const auto plan = [&](const std::string& name, const Preparation& prepare,
                        const std::string& fragment) {
    return BadInput{name,
                    Both(good, prepare),
                    {"split", "m.onnx", "--plan", "plan.json", "-o", "out"},
                    2,
                    fragment};
  };
  return {
      at("UnknownLayer", "4", "--at: there is no layer 4; the last one is 3"),
      at("NotALayer", "0,x", "--at: 'x' is not the number of a layer"),
      at("NegativeLayer", "-1", "--at: '-1' is not the number of a layer"),
      at("NoLayer", "0,,2", "--at: '' is not the number of a layer"),
      at("HugeLayer", "99999999999999999999", "is not the number of a layer"),
      at("LastLayer", "3", "the model cannot be cut behind layer 3; the nearest cut is behind"),
      at("NotACut", "1",
         "--at: the model cannot be cut behind layer 1, where 2 tensors cross (see "
         "--max-cut-tensors); the nearest cut is behind layer 0"),
      {"Nowhere", good, {"split", "m.onnx", "-o", "out"}, 2, "give either --at or --plan"},
      {"Both",
       good,
       {"split", "m.onnx", "--at", "0", "--plan", "p", "-o", "out"},
       2,
       "give either --at or --plan"},
      {"NoFolder", good, {"split", "m.onnx", "--at", "0"}, 2, "--output is required"},
      {"NoModel", Nothing(), {"split", "--at", "0", "-o", "out"}, 2, "--at needs a MODEL"},
      into("FolderInNothing", Nothing(), "no/out", "no/out: cannot be made a folder"),
      into("FolderIsAFile", File("out", ""), "out", "out: is there and not a folder"),
      into("FolderIsFull", File("out/x", ""), "out", "out: is there and not empty"),
      into("FolderIsHere", Nothing(), ".", ".: is there and not empty"),
      into("FolderInAFile", File("f", ""), "f/out", "f/out"),
      into("FolderWithoutName", Nothing(), "", "the name of the folder is empty"),
      {"CrashingModel",
       File("m.onnx", Crashing()),
       {"split", "m.onnx", "--at", "0", "-o", "out"},
       2,
       "the process that loaded it was killed"},
      {"TritonBfloat16",
       File("m.onnx",
            [] {
              OnnxBuilder builder;
              builder.Input("x", {2}).Output("y");
              OnnxBuilder::SetInt(builder.Node("Cast", "a", {"x"}), "to", 16);
              OnnxBuilder::SetInt(builder.Node("Cast", "y", {"a"}), "to", 1);
              return builder.proto().SerializeAsString();
            }()),
       {"split", "m.onnx", "--at", "0", "--triton", "-o", "out"},
       2,
       "backend does not know bfloat16"},
      plan("PlanMissing", Nothing(), "plan.json: cannot be opened"),
      plan("PlanNotJson", File("plan.json", "[1] 0.5s"), "plan.json: is not valid JSON"),
      plan("PlanOfAnotherModel", Plan("vgg19", "", 0, 3), "plan.json: is a plan for 'vgg19'"),
      plan("PlanOfAnotherFile", Plan("m", "9b5a", 0, 3), "plan.json: 'm' is no longer the model"),
      plan("PlanTooLong", Plan("m", "", 0, 4), "ends with layer 4, but the last one of 'm' is 3"),
      plan("PlanNotACut", Plan("m", "", 1, 3), "plan.json: the model cannot be cut behind layer 1"),
      {"PlanWithoutModel",
       Plan("m", "", 0, 3),
       {"split", "--plan", "plan.json", "-o", "out"},
       2,
       "plan.json: its model 'm' is not a built-in one"},
  };
}

INSTANTIATE_TEST_SUITE_P(Split, BadInputTest, ::testing::ValuesIn(SplitCases()), CaseName);

}  // namespace
}  // namespace scission::testing
