// `scission study` end to end, with real workers.
#include <gmock/gmock.h>
#include <signal.h>

#include "pipeline_fixture.h"

namespace scission::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

class Study : public PipelineFixture {
 protected:
  void SetUp() override { StartAll(); }

  /// Into the folder s, as quickly as can be.
  ProcessResult RunStudy(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command = {"study", "--hosts",       "hosts.toml", "-o",
                                        "s",     "--effort",      "quick",      "-r",
                                        "2",     "--link-rounds", "2"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return Scission(command, std::chrono::seconds(240));
  }

  static bool IsMeasured(const ProcessResult& result) {
    return result.exit_code == 0 || result.exit_code == 4;  // the machine may be busy
  }

  Json Plans() const { return Json::parse(ReadFile(folder_.path() / "s/plans.json")); }

  Json ModelOf(const std::string& host) const {
    return Json::parse(ReadFile(ProfileOf(host)))["models"][0];
  }
  std::filesystem::path ProfileOf(const std::string& host) const {
    return folder_.path() / "s/profiles" / fmt::format("{0}-{0}.json", host);
  }

  /// free.onnx: N x A x 512, products of matrices.
  void WriteFreeModel() const {
    Random random(2);
    OnnxBuilder builder;
    builder.Input("x", {-1, -2, kWidth}).Output("y3");
    std::string last = "x";
    for (int i = 0; i < 4; ++i) {
      const std::string weight =
          builder.Weight("w" + std::to_string(i), {kWidth, kWidth}, random, 0.07);
      last = builder.Node("MatMul", "y" + std::to_string(i), {last, weight}).output(0);
    }
    WriteFileAtomically(folder_.path() / "free.onnx", builder.proto().SerializeAsString());
  }
};

TEST_F(Study, NamesTheHostThatIsAwayAndGoesOnWithoutIt) {
  worker("edge").Signal(SIGKILL);
  worker("edge").Wait();
  // Limits of the host that is away are met, and others still hold.
  const auto result = RunStudy({"chain.onnx", "--host-time", "edge: 1", "--exclude-link",
                                "device>edge", "--cloud-time", "1e-9"});
  EXPECT_TRUE(IsMeasured(result)) << result.standard_error;
  EXPECT_EQ(Plans()["plans"][0]["stages"][0]["host"], "device");
  EXPECT_THAT(result.standard_output, HasSubstr("without edge: edge ("));
  EXPECT_FALSE(std::filesystem::exists(ProfileOf("edge")));
  worker("device").Signal(SIGKILL);
  worker("device").Wait();
  const auto source = Scission({"study", "chain.onnx", "--hosts", "hosts.toml", "-o", "t"});
  EXPECT_EQ(source.exit_code, 3);
  EXPECT_THAT(source.standard_error, HasSubstr("the source cannot take part: device ("));
}

TEST_F(Study, MeasuresPlansAndLeavesAPlanThatRuns) {
  const auto first = RunStudy({"chain.onnx"});
  ASSERT_TRUE(IsMeasured(first)) << first.standard_error;
  EXPECT_THAT(first.standard_output, HasSubstr("rests on measured segments alone"));
  for (const char* name : {"device", "edge", "cloud"}) EXPECT_EQ(ModelOf(name)["model"], "chain");
  const Json plans = Plans();
  EXPECT_EQ(plans["replies"], true);
  EXPECT_EQ(plans["plans"][0]["source"], "device");
  for (const Json& stage : plans["plans"][0]["stages"]) EXPECT_EQ(stage["origin"], "measured");
  EXPECT_THAT(ReadFile(folder_.path() / "s/report.txt"), HasSubstr("rests on measured"));

  const auto again = RunStudy({"chain.onnx"});  // takes up what is there
  EXPECT_THAT(again.standard_error, Not(HasSubstr("measuring the link")));
  EXPECT_THAT(again.standard_output, HasSubstr("after 1 round of planning"));

  const auto other =
      Scission({"study", "chain.onnx", "--hosts", "hosts.toml", "-o", "s", "--effort", "normal"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.standard_error, HasSubstr("holds a study with another 'effort'"));

  const auto run = Scission({"run", "s/plans.json", "chain.onnx", "--hosts", "hosts.toml", "-r",
                             "3", "--format", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.standard_error;
  EXPECT_EQ(ReportOf(run)["wrong"], 0);
}

TEST_F(Study, TakesTheModelOptionsOfBenchmarkAndWhatPredictAsksOfPlans) {
  WriteFreeModel();
  const std::vector<std::string> model = {"free.onnx", "-b", "2", "--dim", "A=64"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), model.begin(), model.end());
    return RunStudy(more);
  };
  const auto first = with(
      {"--codecs", "fp16", "--objective", "throughput", "-c", "!-1", "--exclude-host", "edge"});
  ASSERT_TRUE(IsMeasured(first)) << first.standard_error;
  EXPECT_EQ(ModelOf("device")["batch_size"], 2);
  EXPECT_EQ(ModelOf("device")["blocks"][0]["output_bytes"], 2 * 64 * kWidth * 4);
  EXPECT_EQ(ModelOf("device")["blocks"][0]["codecs"].size(), 3u);
  EXPECT_FALSE(std::filesystem::exists(ProfileOf("edge")));
  const Json plans = Plans();
  EXPECT_EQ(plans["objective"], "throughput");
  EXPECT_EQ(plans["options"], Json({"--source=device", "--objective=throughput", "--codecs=fp16",
                                    "--cloud=!-1", "--exclude-host=edge", "--replies"}));
  EXPECT_THAT(plans["plans"][0]["stages"].dump(), HasSubstr("\"cloud\""));

  // Other plans need no other measurements.
  const auto again = with({"-d", "-1", "-c", "!-1"});
  ASSERT_TRUE(IsMeasured(again)) << again.standard_error;
  EXPECT_THAT(again.standard_error, AllOf(HasSubstr("edge: "), Not(HasSubstr("cloud: free"))));
  EXPECT_EQ(Plans()["objective"], "latency");
  EXPECT_EQ(Plans()["plans"][0]["hops"][0]["bytes"], 2 * 64 * kWidth * 4);

  std::vector<std::string> run = {"run", "s/plans.json", "--hosts", "hosts.toml", "-r", "2"};
  run.insert(run.end(), model.begin(), model.end());
  const auto good = Scission(run);
  EXPECT_EQ(good.exit_code, 0) << good.standard_error;
  EXPECT_THAT(good.standard_output, HasSubstr("all equal the unsplit model's"));

  const auto other = RunStudy({"free.onnx", "-b", "3", "--dim", "A=64"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.standard_error, HasSubstr("s: holds a study with another 'batch_size'"));
}

TEST_F(Study, TellsWhatIsWrongBeforeItMeasures) {
  const struct {
    std::vector<std::string> arguments;
    std::string fragment;
  } kCases[] = {
      {{"chain.onnx", "--objective", "speed"}, "--objective: 'speed' is none of"},
      {{"chain.onnx", "--objective", "energy"}, "--objective: needs the watts of the hosts"},
      {{"chain.onnx", "--cloud", "12"}, "--cloud: there is no layer 12; chain has the layers 0 to"},
      {{"chain.onnx", "--host", "gpu: 1"}, "--host: there is no host 'gpu'"},
      {{"chain.onnx", "--codecs", "gzip"}, "--codecs: codec 'gzip'"},
      {{"chain.onnx", "--time-limit", "0"}, "--time-limit: '0'"},
      {{"chain.onnx", "--max-latency", "x"}, "--max-latency: 'x'"},
      {{"chain.onnx", "--source", "gpu"}, "--source: there is no host 'gpu' with an address"},
      {{"chain.onnx", "-c", "!-1", "--exclude-host", "cloud"},
       "no plan meets the constraints (--cloud !-1 and --exclude-host cloud conflict), but one "
       "would without --cloud !-1, or without --exclude-host cloud"},
      {{"chain.onnx", "--dim", "A=2"}, "chain.onnx: "},
      {{"chain.onnx", "-b", "7"}, "chain.onnx: "},
  };
  for (const auto& one : kCases) {
    const auto result = RunStudy(one.arguments);
    const bool is_no_plan = one.fragment.starts_with("no plan");
    EXPECT_EQ(result.exit_code, is_no_plan ? 3 : 2) << one.fragment << result.standard_error;
    EXPECT_THAT(result.standard_error, HasSubstr(one.fragment));
    EXPECT_EQ(Lines(result.standard_error).size(), 1u) << result.standard_error;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "s"));
}

TEST_F(Study, MeasuresAnewWhatIsOfAnotherModelAndLeavesOtherServersOut) {
  WriteFileAtomically(folder_.path() / "hosts.toml",
                      fmt::format("[[host]]\nname = \"device\"\ntier = \"device\"\n"
                                  "address = \"{}\"\n[[host]]\nname = \"triton\"\n"
                                  "engine = \"oip\"\naddress = \"127.0.0.1:1\"\n"
                                  "model = \"tail\"\nlayers = \"6-11\"\n",
                                  AddressOf("device")));
  const auto first = RunStudy({"chain.onnx"});
  ASSERT_TRUE(IsMeasured(first)) << first.standard_error;
  const std::string left_out =
      "left out, as other servers (engine = \"oip\") cannot be measured: triton\n";
  EXPECT_THAT(first.standard_output, HasSubstr(left_out));
  EXPECT_THAT(ReadFile(folder_.path() / "s/report.txt"), HasSubstr(left_out));
  Json profile = Json::parse(ReadFile(ProfileOf("device")));
  const std::string hash = profile["models"][0]["model_hash"];
  profile["models"][0]["model_hash"] = std::string(64, '0');
  WriteFileAtomically(ProfileOf("device"), profile.dump());
  const auto again = RunStudy({"chain.onnx"});
  ASSERT_TRUE(IsMeasured(again)) << again.standard_error;
  EXPECT_THAT(again.standard_error, HasSubstr("is of another model, and is measured anew"));
  EXPECT_EQ(ModelOf("device")["model_hash"], hash);
  // The batch that the model has anyway is no other study.
  const auto same = RunStudy({"chain.onnx", "-b", "256"});
  ASSERT_TRUE(IsMeasured(same)) << same.standard_error;
  EXPECT_THAT(same.standard_error, Not(HasSubstr("device: chain")));
}

}  // namespace
}  // namespace scission::testing
