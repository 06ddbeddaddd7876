// `scission graph` end to end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>

#include "bad_input.h"
#include "base/file.h"
#include "model/testing/onnx_builder.h"
#include "process.h"
#include "profile/profile_io.h"

namespace scission::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace fs = std::filesystem;

constexpr const char* kFormat = R"("format": "scission-plans", "version": 1)";

/// A chain of three; `name` is the second node's.
std::string ThreeNodes(const std::string& name = "b") {
  OnnxBuilder builder;
  builder.Input("x", {1, 3, 8, 8}).Output("c");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Sigmoid", "b", {"a"}).set_name(name);
  builder.Node("Relu", "c", {"b"});
  return builder.proto().SerializeAsString();
}

std::string PlanOf(const std::string& model, int last_layer, const std::string& hash = "") {
  return "{" + std::string(kFormat) + R"(, "model": ")" + model + R"(", "model_hash": ")" + hash +
         R"(", "plans": [{"latency_ms": 30, "stages": [
{"host": "pi", "tier": "device", "first_layer": 0, "last_layer": 0, "compute_ms": 10,
 "measured_as_one": true},
{"host": "gpu", "tier": "cloud", "first_layer": 1, "last_layer": )" +
         std::to_string(last_layer) + R"(, "compute_ms": 5, "measured_as_one": true}],
"hops": [{"from": "pi", "to": "gpu", "bytes": 768, "time_ms": 15}]}]})";
}

std::string ProfileOf(const std::string& model, int last_layer, const std::string& hash = "") {
  const TemporaryFolder folder;
  Profile profile;
  profile.host.name = "pi";
  profile.host.tier = "device";
  ModelProfile measured;
  measured.model = model;
  measured.model_hash = hash;
  measured.blocks = {{0, 0, Bytes{768}}, {1, last_layer, Bytes{768}}};
  measured.ranges = {{0, 0, {Milliseconds(2)}}, {1, last_layer, {Milliseconds(8)}}};
  profile.models = {measured};
  WriteProfile(profile, folder.path() / "device-pi.json");
  return ReadFile(folder.path() / "device-pi.json");
}

class GraphCommand : public ::testing::Test {
 protected:
  GraphCommand() {
    File("m.onnx", ThreeNodes())(folder_.path());
    File("plan.json", PlanOf("m", 2))(folder_.path());
    File("device-pi.json", ProfileOf("m", 2))(folder_.path());
  }

  ProcessResult Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {Program(), "graph", "-o", "out"});
    return RunProcess(arguments, folder_.path());
  }
  std::string Read(const std::string& file) const { return ReadFile(folder_.path() / file); }
  /// Standard error of xmllint, which is silent about what is well-formed.
  std::string XmlErrors(const std::string& file) const {
    return RunProcess({"/usr/bin/xmllint", "--noout", "--nonet", file}, folder_.path())
        .standard_error;
  }

  const TemporaryFolder folder_;
};

std::uint32_t BigEndian(const std::string& data, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i)
    value = value << 8 | static_cast<unsigned char>(data[i]);
  return value;
}

TEST_F(GraphCommand, DrawsABuiltInModel) {
  const auto result = Run({"MobileNetV2", "--format", "svg,png", "--format", "dot"});
  EXPECT_EQ(result.standard_error, "");
  EXPECT_THAT(Lines(result.standard_output),
              ElementsAre(StartsWith("out/mobilenetv2-graph.dot, wrapped into "),
                          StartsWith("out/mobilenetv2-graph.png, wrapped into "),
                          StartsWith("out/mobilenetv2-graph.svg, wrapped into ")));
  EXPECT_THAT(Read("out/mobilenetv2-graph.svg"),
              AllOf(StartsWith("<?xml"), HasSubstr("mobilenetv2: 156 layers, 74 cuts"),
                    HasSubstr(">155 &#160;predictions<"), HasSubstr(">cut behind 154: 5.12 kB<")));
  const std::string png = Read("out/mobilenetv2-graph.png");
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_GT(BigEndian(png, 16), BigEndian(png, 20));
  EXPECT_LE(BigEndian(png, 16), 32'767u);
}

TEST_F(GraphCommand, CollapsesBlocks) {
  const auto result = Run({"mobilenetv2", "--collapse", "blocks"});
  EXPECT_THAT(result.standard_output, StartsWith("out/mobilenetv2-graph.svg, blocks collapsed"));
  EXPECT_THAT(Read("out/mobilenetv2-graph.svg"),
              AllOf(HasSubstr(">layers 18&#45;26<"), HasSubstr(">3 x BatchNormalization<")));
}

TEST_F(GraphCommand, ShowsAPlansHosts) {
  const auto result = Run({"m.onnx", "--plan", "plan.json"});
  EXPECT_EQ(result.standard_output, "out/m-graph.svg\n");
  EXPECT_EQ(result.standard_error, "");
  EXPECT_THAT(Read("out/m-graph.svg"), AllOf(HasSubstr("#e69f00"), HasSubstr("#0072b2"),
                                             HasSubstr(">pi to gpu: 768 B, 15 ms<")));
}

TEST_F(GraphCommand, ShowsAProfilesTimesAndWarnsOfAnotherHash) {
  File("device-pi.json", ProfileOf("m", 2, "0123"))(folder_.path());
  const auto result = Run({"m.onnx", "--profile", "device-pi.json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(Lines(result.standard_error),
              ElementsAre("scission: warning: device-pi.json: is of a 'm' with other contents (the "
                          "hash differs)"));
  EXPECT_THAT(Read("out/m-graph.svg"),
              AllOf(HasSubstr(">layers 1&#45;2: 8 ms<"), HasSubstr(">2 ms<")));
}

TEST_F(GraphCommand, RefusesAPlanOfAnotherHash) {
  File("plan.json", PlanOf("m", 2, "0123"))(folder_.path());
  const auto result = Run({"m.onnx", "--plan", "plan.json"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.standard_error,
              HasSubstr("plan.json: 'm' is no longer the model that was measured"));
}

TEST_F(GraphCommand, KeepsHostileNamesInTheirPlace) {
  File("m.onnx", ThreeNodes("\"];x[label=\"</svg><script>\\N&lt;&#0;{|}\x01"))(folder_.path());
  EXPECT_EQ(Run({"m.onnx"}).standard_error, "");
  EXPECT_THAT(Read("out/m-graph.svg"), ::testing::Not(HasSubstr("<script")));
  if (!fs::exists("/usr/bin/xmllint")) GTEST_SKIP() << "no xmllint (package libxml2-utils)";
  EXPECT_EQ(XmlErrors("out/m-graph.svg"), "");
}

// ---- What a user can get wrong ----

std::vector<BadInput> Cases() {
  const Preparation good =
      Both(File("m.onnx", ThreeNodes()),
           Both(File("plan.json", PlanOf("m", 2)), File("device-pi.json", ProfileOf("m", 2))));
  const auto with = [&](const std::string& name, const std::vector<std::string>& more,
                        const std::string& fragment, const Preparation& spoil = Nothing()) {
    std::vector<std::string> arguments = {"graph", "m.onnx", "-o", "out"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return BadInput{name, Both(good, spoil), arguments, 2, fragment};
  };
  return {
      {"NoOutput", good, {"graph", "m.onnx"}, 2, "--output is required"},
      with("Format", {"--format", "svg,gif"}, "--format"),
      with("Collapse", {"--collapse", "all"}, "--collapse"),
      with("OutputIsAFile", {}, "out: cannot be made a folder", File("out", "")),
      with("SameFile", {"d/m.onnx"}, "d/m.onnx: would be drawn into the same file as m.onnx"),
      with("PlanAndProfile", {"--plan", "plan.json", "--profile", "device-pi.json"},
           "--plan and --profile exclude each other"),
      with("PlanMissing", {"--plan", "p.json"}, "p.json: cannot be opened"),
      with("PlanIsNoPlan", {"--plan", "device-pi.json"}, "device-pi.json: is not a plan"),
      with("PlanOfAnother", {"--plan", "plan.json"}, "plan.json: is a plan for 'n', not for 'm'",
           File("plan.json", PlanOf("n", 2))),
      with("PlanTooLong", {"--plan", "plan.json"},
           "plan.json: is of the layers 0 to 3, where the model has 0 to 2",
           File("plan.json", PlanOf("m", 3))),
      with("ProfileIsNoProfile", {"--profile", "plan.json"}, "plan.json: is not a profile"),
      with("ProfileOfAnother", {"--profile", "device-pi.json"}, "device-pi.json: has no model m",
           File("device-pi.json", ProfileOf("n", 2))),
      with("ProfileTooShort", {"--profile", "device-pi.json"},
           "device-pi.json: is of the layers 0 to 1, where the model has 0 to 2",
           File("device-pi.json", ProfileOf("m", 1))),
  };
}

INSTANTIATE_TEST_SUITE_P(Graph, BadInputTest, ::testing::ValuesIn(Cases()), CaseName);

}  // namespace
}  // namespace scission::testing
