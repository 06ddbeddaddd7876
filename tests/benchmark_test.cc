// benchmark, inspect and export as a user runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "benchmark_fixture.h"
#include "model/testing/onnx_builder.h"
#include "process.h"

namespace scission::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class BenchmarkCommand : public BenchmarkFixture {
 protected:
  /// The smallest integer divided by -1, which no integer holds: the engine's process dies of it.
  void WriteCrashingModel(const std::string& file) const {
    OnnxBuilder builder;
    builder.Input("x", {1, 8}).Output("y");
    builder.graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
        onnx::TensorProto::INT64);
    builder.graph().mutable_output(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
        onnx::TensorProto::INT64);
    builder.Node("Sub", "zero", {"x", "x"});
    builder.Node("Add", "smallest", {"zero", builder.Integers("min", {INT64_MIN})});
    builder.Node("Sub", "minus_one", {"zero", builder.Integers("one", {1})});
    builder.Node("Div", "y", {"smallest", "minus_one"});
    WriteFileAtomically(folder_.path() / file, builder.proto().SerializeAsString());
  }

  std::ptrdiff_t CountFiles(const std::string& folder) const {
    std::error_code error;
    std::ptrdiff_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / folder, error)) {
      count += entry.path().extension() == ".json";
    }
    return count;
  }

  /// Runs the program until `condition` holds, then does what Ctrl-C does.
  template <typename Condition>
  void InterruptWhen(const Condition& condition, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), Program());
    const pid_t program = ::fork();
    if (program == 0) {
      std::vector<char*> argv;
      for (std::string& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      if (::chdir(folder_.path().c_str()) == 0) ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    for (int i = 0; i < 20000 && !condition(); ++i) ::usleep(1000);
    ::usleep(100000);  // well into the next model
    ::kill(program, SIGINT);
    int status = 0;
    ::waitpid(program, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 130);
  }

  /// Takes minutes to measure: nobody waits for it.
  void WriteSlowModel(const std::string& file) const {
    OnnxBuilder builder;
    builder.Input("v0", {1024, 1024}).Output("v30");
    for (int i = 1; i <= 30; ++i) {
      const std::string before = "v" + std::to_string(i - 1);
      builder.Node("MatMul", "v" + std::to_string(i), {before, before});
    }
    WriteFileAtomically(folder_.path() / file, builder.proto().SerializeAsString());
  }

  /// The command that was interrupted: one.onnx is measured, two.onnx is not, and is another model
  /// now, which is quick.
  std::vector<std::string> InterruptedBehindTheFirstModel() const {
    if (!Exists("one.onnx")) WriteModel("one.onnx", 1);
    WriteSlowModel("two.onnx");
    const std::vector<std::string> command = {"benchmark", "device", "pi", "one.onnx",
                                              "two.onnx",  "-r",     "3",  "--no-plots"};
    InterruptWhen([&] { return CountFiles(".device-pi.partial") == 1; }, command);
    WriteModel("two.onnx", 2);
    return command;
  }
};

TEST_F(BenchmarkCommand, WritesAProfileThatPredictReads) {
  WriteModel("one.onnx", 1);
  WriteModel("Two.onnx", 2);
  const auto benchmark =
      Scission({"benchmark", "Device", "pi", "one.onnx", "Two.onnx", "-r", "4", "--threads", "1"});
  ASSERT_TRUE(IsMeasured(benchmark)) << benchmark.standard_error;
  EXPECT_THAT(benchmark.standard_output, HasSubstr("profile: ./device-pi.json"));
  const json profile = ReadJson("device-pi.json");
  EXPECT_THAT(ModelNames(profile), ::testing::ElementsAre("one", "two"));
  EXPECT_EQ(profile["host"]["tier"], "device");
  EXPECT_EQ(profile["host"]["name"], "pi");
  EXPECT_EQ(profile["models"][0]["ranges"][1]["samples_ms"].size(), 4u);
  EXPECT_FALSE(Exists(".device-pi.partial"));

  WriteFileAtomically(folder_.path() / "n.csv", "source,destination,ping(ms),bandwidth(mbps)\n");
  const auto predict = Scission({"predict", ".", "n.csv", "TWO"});
  EXPECT_EQ(predict.exit_code, 0) << predict.standard_error;
  EXPECT_THAT(predict.standard_output, HasSubstr("Device(pi) = 0 - "));
}

TEST_F(BenchmarkCommand, PrintsTheProfileAsJson) {
  WriteModel("m.onnx", 1);
  const auto result = Scission({"benchmark", "edge", "e", "m.onnx", "-r", "1", "--json", "-dc"});
  ASSERT_TRUE(IsMeasured(result)) << result.standard_error;
  EXPECT_EQ(json::parse(result.standard_output), ReadJson("edge-e.json"));
}

TEST_F(BenchmarkCommand, KeepsOtherModelsOfTheProfile) {
  WriteModel("one.onnx", 1);
  WriteModel("two.onnx", 2);
  Scission({"benchmark", "device", "pi", "one.onnx", "-r", "2"});
  Scission({"benchmark", "device", "pi", "two.onnx", "-r", "2"});
  Scission({"benchmark", "device", "pi", "two.onnx", "-r", "3"});
  const json profile = ReadJson("device-pi.json");
  EXPECT_THAT(ModelNames(profile), ::testing::ElementsAre("one", "two"));
  EXPECT_EQ(profile["models"][1]["ranges"][1]["samples_ms"].size(), 3u);
}

TEST_F(BenchmarkCommand, GoesOnWhenAModelIsRefused) {
  WriteModel("good.onnx", 1);
  WriteFileAtomically(folder_.path() / "bad.onnx", "no model");
  const auto result = Scission({"benchmark", "device", "pi", "bad.onnx", "good.onnx", "-r", "1"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.standard_error, HasSubstr("bad.onnx: is not an ONNX model"));
  EXPECT_THAT(ModelNames(ReadJson("device-pi.json")), ::testing::ElementsAre("good"));
}

#ifdef __x86_64__  // other processors divide in peace
TEST_F(BenchmarkCommand, GoesOnWhenAModelCrashes) {
  WriteModel("good.onnx", 1);
  WriteCrashingModel("crash.onnx");
  const auto result = Scission({"benchmark", "device", "pi", "crash.onnx", "good.onnx", "-r", "1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(
      result.standard_error,
      HasSubstr("crash.onnx: the process that measured it was killed: Floating point exception"));
  EXPECT_THAT(ModelNames(ReadJson("device-pi.json")), ::testing::ElementsAre("good"));
}
#endif

TEST_F(BenchmarkCommand, SaysHowToGoOnWhenInterrupted) {
  WriteModel("one.onnx", 1);
  WriteModel("two.onnx", 2);
  const auto result =
      RunProcess({"/usr/bin/timeout", "--preserve-status", "-s", "INT", "1", Program(), "benchmark",
                  "device", "pi", "one.onnx", "two.onnx", "-r", "10000"},
                 folder_.path());
  EXPECT_EQ(result.exit_code, 130) << result.standard_error;
  EXPECT_THAT(result.standard_error, HasSubstr("the same command goes on from there"));
  EXPECT_FALSE(Exists("device-pi.json"));
}

TEST_F(BenchmarkCommand, TakesOverWhatAnInterruptedRunMeasured) {
  const std::vector<std::string> command = InterruptedBehindTheFirstModel();
  ASSERT_EQ(CountFiles(".device-pi.partial"), 1);
  const auto result = Scission(command);
  ASSERT_TRUE(IsMeasured(result)) << result.standard_error;
  EXPECT_THAT(result.standard_error, HasSubstr("one.onnx: taken over"));
  EXPECT_THAT(ModelNames(ReadJson("device-pi.json")), ::testing::ElementsAre("one", "two"));
  EXPECT_FALSE(Exists(".device-pi.partial"));
}

TEST_F(BenchmarkCommand, TakesOverNothingWhenTheModelHasChanged) {
  const std::vector<std::string> command = InterruptedBehindTheFirstModel();
  WriteModel("one.onnx", 9);
  const auto result = Scission(command);
  ASSERT_TRUE(IsMeasured(result)) << result.standard_error;
  EXPECT_THAT(result.standard_error, Not(HasSubstr("taken over")));
}

TEST_F(BenchmarkCommand, TakesOverNothingWhenExternalDataHaveChanged) {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {1, 40}).Output("y");
  builder.Node("MatMul", "y", {"x", builder.Weight("w", {40, 40}, random)});
  const Model model = builder.Make();
  WriteSegment(model, WholeOf(model.graph()), folder_.path() / "one.onnx", /*max_onnx_bytes=*/1);
  const std::vector<std::string> command = InterruptedBehindTheFirstModel();
  std::string data = ReadFile(folder_.path() / "one.onnx.data");
  data[0] ^= 1;
  WriteFileAtomically(folder_.path() / "one.onnx.data", data);
  const auto result = Scission(command);
  ASSERT_TRUE(IsMeasured(result)) << result.standard_error;
  EXPECT_THAT(result.standard_error, Not(HasSubstr("taken over")));
}

TEST_F(BenchmarkCommand, LeavesNothingButWhatIsDoneWhenInterrupted) {
  InterruptedBehindTheFirstModel();
  const std::filesystem::path partial = folder_.path() / ".device-pi.partial";
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(partial), {}), 1);
}

TEST_F(BenchmarkCommand, RefusesTwoModelsOfOneName) {
  std::filesystem::create_directory(folder_.path() / "a");
  WriteModel("a/m.onnx", 1);
  WriteModel("m.onnx", 2);
  const auto result = Scission({"benchmark", "device", "pi", "m.onnx", "a/m.onnx"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.standard_error, HasSubstr("a/m.onnx: would have the same name"));
}

TEST_F(BenchmarkCommand, UsesTheImage) {
  const std::string image = std::string(SCISSION_SOURCE_DIR) + "/examples/cat.png";
  const auto result =
      Scission({"benchmark", "device", "pi", image, "mobilenetv2", "-r", "1", "--json"});
  ASSERT_TRUE(IsMeasured(result)) << result.standard_error;
  EXPECT_GT(json::parse(result.standard_output)["models"][0]["preprocess_ms"], 0);
}

TEST_F(BenchmarkCommand, SaysThatAProviderIsNotThere) {
  WriteModel("one.onnx", 1);
  WriteModel("two.onnx", 2);
  const auto result =
      Scission({"benchmark", "device", "pi", "one.onnx", "two.onnx", "--provider", "cuda"});
  if (result.exit_code == 0) GTEST_SKIP() << "this machine has CUDA";
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(Lines(result.standard_error),
              ::testing::ElementsAre(::testing::AllOf(
                  HasSubstr("provider cuda cannot be used on this machine"),
                  Not(HasSubstr("DefaultLogger")), Not(HasSubstr("Unknown provider")))));
  EXPECT_FALSE(Exists("device-pi.json"));
}

TEST_F(BenchmarkCommand, InspectSurvivesAndCountsExportedModels) {
  const auto exported = Scission({"export", "mobilenetv2", "-o", "m.onnx"});
  ASSERT_EQ(exported.exit_code, 0) << exported.standard_error;
  EXPECT_EQ(exported.standard_output, "m.onnx: 156 layers, 3538984 parameters\n");
  const auto built_in = Scission({"inspect", "mobilenetv2", "--format", "json"});
  const auto file = Scission({"inspect", "m.onnx", "--format", "json"});
  json expected = json::parse(built_in.standard_output);
  json actual = json::parse(file.standard_output);
  EXPECT_EQ(actual["hash"], expected["hash"]);
  EXPECT_EQ(actual["layers"], expected["layers"]);
  EXPECT_EQ(actual["layer_count"], 156);
  EXPECT_EQ(actual["parameters"], 3538984);
  const auto batched = Scission({"inspect", "m.onnx", "-b", "3", "--format", "csv"});
  EXPECT_THAT(batched.standard_output, HasSubstr("Conv2D,3x32x112x112,"));
}

TEST_F(BenchmarkCommand, ExamplesAreOfTheBuiltInModelsAsTheyAreNow) {
  for (const char* file : {"edge-epyc1.json", "cloud-epyc2.json"}) {
    const json profile =
        json::parse(ReadFile(std::string(SCISSION_SOURCE_DIR) + "/examples/profiles/" + file));
    for (const auto& model : profile.at("models")) {
      const auto inspected =
          Scission({"inspect", model.at("model").get<std::string>(), "--format", "json"});
      EXPECT_EQ(json::parse(inspected.standard_output).at("hash"), model.at("model_hash")) << file;
    }
  }
}

}  // namespace
}  // namespace scission::testing
