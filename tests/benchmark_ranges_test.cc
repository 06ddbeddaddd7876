// Measuring what plans rest on, and planning again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "benchmark_fixture.h"

namespace scission::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

/// A chain of layers measured block by block, as host "a" and as host "b".
class BenchmarkRanges : public BenchmarkFixture {
 protected:
  BenchmarkRanges() {
    Random random(1);
    OnnxBuilder builder;
    builder.Input("x", {1, 64}).Output("m5");
    std::string last = "x";
    for (int i = 0; i < 6; ++i) {
      const std::string number = std::to_string(i);
      last = builder
                 .Node("MatMul", "m" + number,
                       {last, builder.Weight("w" + number, {64, 64}, random, 0.1)})
                 .output(0);
    }
    WriteFileAtomically(folder_.path() / "chain.onnx", builder.proto().SerializeAsString());
    WriteFileAtomically(folder_.path() / "n.csv", "s,d,ping,bandwidth\na,b,0.001,100000\n");
    for (const char* host : {"a", "b"}) {
      const auto result = Scission({"benchmark", host == std::string("a") ? "device" : "edge", host,
                                    "chain.onnx", "--quick", "--no-plots"});
      EXPECT_TRUE(IsMeasured(result)) << result.standard_error;
    }
  }

  /// The best plan in which both hosts run something; all printed plans go to plans.json.
  json Predict() const {
    const auto result =
        Scission({"predict", ".", "n.csv", "chain", "-d", "!-1", "-e", "!-1", "--format", "json"});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    WriteFileAtomically(folder_.path() / "plans.json", result.standard_output);
    return json::parse(result.standard_output).at("plans").at(0);
  }

  ProcessResult Refine(const std::string& tier, const std::string& host) const {
    return Scission({"benchmark", tier, host, "chain.onnx", "--ranges", "plans.json", "-r", "3"});
  }

  static bool IsMeasuredThroughout(const json& plan) {
    for (const json& stage : plan.at("stages")) {
      if (!stage.at("measured_as_one").get<bool>()) return false;
    }
    return true;
  }
};

TEST_F(BenchmarkRanges, LeadToABestPlanThatIsMeasuredThroughout) {
  const json before = ReadJson("device-a.json");
  json plan = Predict();
  int rounds = 0;
  for (; rounds < 15 && !IsMeasuredThroughout(plan); ++rounds) {
    ASSERT_TRUE(IsMeasured(Refine("device", "a")));
    ASSERT_TRUE(IsMeasured(Refine("edge", "b")));
    plan = Predict();
  }
  EXPECT_TRUE(IsMeasuredThroughout(plan)) << plan.dump();
  EXPECT_GT(rounds, 0);
  const json after = ReadJson("device-a.json");
  EXPECT_EQ(after["models"][0]["blocks"], before["models"][0]["blocks"]);
  const json& old_ranges = before["models"][0]["ranges"];
  const json& ranges = after["models"][0]["ranges"];
  ASSERT_GT(ranges.size(), old_ranges.size());
  // What was measured stays; the whole has been visited again, and with it the usual pace moves.
  for (std::size_t i = 0; i < old_ranges.size(); ++i) {
    json kept = ranges[i]["samples_ms"];
    const json& old = old_ranges[i]["samples_ms"];
    const bool is_whole = !ranges[i].contains("paces");
    EXPECT_EQ(kept.size() > old.size(), is_whole) << ranges[i];
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(old.size()), kept.end());
    EXPECT_EQ(kept, old);
  }
  EXPECT_EQ(ranges.back()["samples_ms"].size(), 3u);
  // Another time there is nothing left.
  EXPECT_THAT(Refine("device", "a").standard_output, HasSubstr("nothing to measure"));
}

TEST_F(BenchmarkRanges, AreRefusedWherePlansAndProfileDoNotGoTogether) {
  Predict();
  const auto error = [&](const std::vector<std::string>& words) {
    std::vector<std::string> arguments = {"benchmark", "device", "a"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    const auto result = Scission(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.standard_output;
    EXPECT_EQ(Lines(result.standard_error).size(), 1u) << result.standard_error;
    return result.standard_error;
  };
  EXPECT_THAT(error({"chain.onnx", "--ranges", "absent.json"}), HasSubstr("absent.json"));
  EXPECT_THAT(error({"chain.onnx", "--ranges", "device-a.json"}), HasSubstr("a plan"));
  EXPECT_THAT(error({"--ranges", "plans.json"}), HasSubstr("name its file too"));
  EXPECT_THAT(error({"vgg16", "--ranges", "plans.json"}), HasSubstr("is about 'chain'"));
  const std::string profile = ReadFile(folder_.path() / "device-a.json");
  json without = json::parse(profile);
  std::erase_if(without["models"][0]["ranges"].get_ref<json::array_t&>(), [](const json& range) {
    return range["first_layer"] == 0 && range["last_layer"] == 5;
  });
  WriteFileAtomically(folder_.path() / "device-a.json", without.dump());
  EXPECT_THAT(error({"chain.onnx", "--ranges", "plans.json"}),
              HasSubstr("device-a.json: has no range of the whole model 'chain'"));
  WriteFileAtomically(folder_.path() / "device-a.json", profile);
  WriteModel("chain.onnx", 2);
  EXPECT_THAT(error({"chain.onnx", "--ranges", "plans.json"}),
              HasSubstr("is not the model of the profile"));
}

}  // namespace
}  // namespace scission::testing
