// `scission validate` end to end.
#include <gmock/gmock.h>

#include <thread>

#include "benchmark_fixture.h"

namespace scission::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Json = nlohmann::json;

/// A chain of eight layers, m.onnx, profiled here as device-d.json: blocks and the whole.
class Validate : public BenchmarkFixture {
 protected:
  void SetUp() override {
    OnnxBuilder builder;
    builder.Input("v0", {1, 4096}).Output("v8");
    for (int i = 1; i <= 8; ++i) {
      builder.Node(i % 2 == 0 ? "Sigmoid" : "Tanh", "v" + std::to_string(i),
                   {"v" + std::to_string(i - 1)});
    }
    WriteFileAtomically(folder_.path() / "m.onnx", builder.proto().SerializeAsString());
    WriteProfile("device", "d", 2);
  }

  void WriteProfile(const std::string& tier, const std::string& name, int threads) const {
    const auto result = Scission({"benchmark", tier, name, "m.onnx", "-r", "2", "--no-plots",
                                  "--threads", std::to_string(threads)});
    ASSERT_TRUE(IsMeasured(result)) << result.standard_error;
  }

  Json JsonOf(const std::vector<std::string>& arguments) const {
    const auto result = Scission(arguments);
    EXPECT_TRUE(IsMeasured(result)) << result.standard_error;
    return Json::parse(result.standard_output);
  }
};

TEST_F(Validate, MeasuresRangesThatTheProfileDoesNotHave) {
  const Json json = JsonOf(
      {"validate", "device-d.json", "m.onnx", "--ranges", "5", "-r", "2", "--format", "json"});
  ASSERT_THAT(json["ranges"], SizeIs(5));
  for (const Json& range : json["ranges"]) {
    EXPECT_LT(range["first_layer"], range["last_layer"]);
    EXPECT_EQ(range["origin"], "fitted");
    EXPECT_GT(range["measured_ms"], 0);
    EXPECT_GT(range["again_ms"], 0);
    EXPECT_GT(range["predicted_ms"], 0);
  }
  EXPECT_EQ(json["threads"], 2);
  EXPECT_EQ(json["is_other_machine"], false);
  EXPECT_EQ(json["whole"]["origin"], "measured");
}

TEST_F(Validate, DrawsAndPrints) {
  const auto result =
      Scission({"validate", "device-d.json", "m.onnx", "-r", "2", "--plot", "p.png"});
  EXPECT_TRUE(IsMeasured(result)) << result.standard_error;
  EXPECT_THAT(result.standard_output,
              AllOf(StartsWith("m on d ("), HasSubstr("measuring again"), HasSubstr("now, ")));
  EXPECT_THAT(ReadFile(folder_.path() / "p.png"), StartsWith("\x89PNG"));
  EXPECT_TRUE(Exists("p.svg"));
}

TEST_F(Validate, KeepsAndMarksWhatADisturbedMachineGave) {
  std::vector<std::jthread> other_programs;
  for (unsigned i = 0; i < 1 + std::thread::hardware_concurrency() / 4; ++i) {
    other_programs.emplace_back([](const std::stop_token& stop) {
      while (!stop.stop_requested()) continue;
    });
  }
  const auto result =
      Scission({"validate", "device-d.json", "m.onnx", "-r", "500", "--format", "json"});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.standard_error, HasSubstr("warning: unstable: m: other programs took "));
  const Json json = Json::parse(result.standard_output);
  EXPECT_THAT(json["disturbance"].get<std::string>(), HasSubstr("other programs took "));
  EXPECT_FALSE(json["ranges"].empty());
}

TEST_F(Validate, SaysWhereTheProfileIsOfAnotherMachineAndGoesOn) {
  Json profile = ReadJson("device-d.json");
  profile["host"]["cpu"] = "Abacus";
  WriteFileAtomically(folder_.path() / "device-d.json", profile.dump());
  const auto result =
      Scission({"validate", "device-d.json", "m.onnx", "-r", "1", "--format", "csv"});
  EXPECT_TRUE(IsMeasured(result)) << result.standard_error;
  EXPECT_THAT(result.standard_error,
              HasSubstr("was measured on another machine (Abacus; this is "));
  EXPECT_THAT(result.standard_output, StartsWith("first_layer,last_layer,origin,"));
}

TEST_F(Validate, RunsThePlansStagesWithTheThreadsOfTheirHosts) {
  WriteProfile("cloud", "c", 1);
  WriteFileAtomically(folder_.path() / "n.csv", "a,b,c,d\nd,c,1,100\n");
  const auto plan =
      Scission({"predict", ".", "n.csv", "m", "-d", "!-1", "-c", "!-1", "--format", "json"});
  ASSERT_EQ(plan.exit_code, 0) << plan.standard_error;
  WriteFileAtomically(folder_.path() / "plan.json", plan.standard_output);
  const Json json =
      JsonOf({"validate", ".", "m.onnx", "--plan", "plan.json", "-r", "3", "--format", "json"});
  ASSERT_THAT(json["rows"], SizeIs(5));
  EXPECT_THAT(json["rows"][0]["what"].get<std::string>(), StartsWith("d = 0 - "));
  EXPECT_EQ(json["rows"][1]["what"], "d to c, through loopback");
  EXPECT_EQ(json["rows"][1]["bytes"], 4 * 4096);
  for (const Json& row : json["rows"]) EXPECT_GT(row["measured_ms"], 0);
  const double links = 1 + 4 * 4096 / (100 * 125.0);
  EXPECT_NEAR(json["rows"][4]["predicted_ms"].get<double>(),
              json["rows"][3]["predicted_ms"].get<double>() + links, 1e-6);
}

TEST_F(Validate, RefusesInOneLineWhatDoesNotBelongTogether) {
  WriteModel("other.onnx", 1);
  WriteFileAtomically(folder_.path() / "plan.json", "{}");
  const struct {
    std::vector<std::string> arguments;
    std::string fragment;
  } kCases[] = {
      {{".", "m.onnx"}, "is a folder; name the profile of this machine"},
      {{"no.json", "m.onnx"}, "no.json: "},
      {{"device-d.json", "mobilnetv2"}, "did you mean 'mobilenetv2'?"},
      {{"device-d.json", "other.onnx"}, "device-d.json: the model 'other' is not in it"},
      {{"device-d.json", "m.onnx", "--plan", "plan.json"}, "plan.json"},
      {{"device-d.json", "m.onnx", "--plan", "p", "--plot", "q"}, "--plan measures none"},
      {{"device-d.json", "m.onnx", "--ranges", "0"}, "--ranges"},
      {{"device-d.json", "m.onnx", "--format", "xml"}, "--format"},
  };
  for (const auto& one : kCases) {
    std::vector<std::string> arguments = {"validate"};
    arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
    const auto result = Scission(arguments);
    EXPECT_EQ(result.exit_code, 2) << one.fragment;
    EXPECT_THAT(result.standard_error, HasSubstr(one.fragment));
    EXPECT_EQ(Lines(result.standard_error).size(), 1u) << result.standard_error;
    EXPECT_EQ(result.standard_output, "");
  }
}

TEST_F(Validate, RefusesAModelThatHasChanged) {
  WriteFileAtomically(folder_.path() / "m.onnx", RandomModel(3, 10).SerializeAsString());
  const auto result = Scission({"validate", "device-d.json", "m.onnx"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.standard_error, HasSubstr("'m' is no longer the model that was measured"));
}

}  // namespace
}  // namespace scission::testing
