// `scission run` end to end, with real workers.
#include <gmock/gmock.h>
#include <signal.h>

#include <cstdint>

#include "base/sha256.h"
#include "pipeline_fixture.h"

namespace scission::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

constexpr int kCrossing = 4 * 256 * 512;  ///< bytes of a tensor at each cut

class RunPlan : public PipelineFixture {
 protected:
  void SetUp() override { StartAll(); }

  std::vector<std::string> What(const Json& report) const {
    std::vector<std::string> what;
    for (const Json& row : report["rows"]) what.push_back(row["what"]);
    return what;
  }

  Json Good(const std::vector<std::string>& more) const {
    const ProcessResult result = Run(more);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    const Json report = result.exit_code == 0 ? ReportOf(result) : Json();
    EXPECT_EQ(report.value("wrong", -1), 0);
    return report;
  }

  std::size_t SegmentProcesses() {
    std::size_t count = 0;
    for (const char* name : {"device", "edge", "cloud"})
      count += ChildrenOf(worker(name).id()).size();
    return count;
  }
};

TEST_F(RunPlan, EndToEndIsWhatTheCallerSeesWhereThePlanHasTheEntry) {
  Json plan = PlanOf({"device", "edge"});
  plan["entry_ms"] = 2;
  plan["latency_ms"] = plan["latency_ms"].get<double>() + 2;
  const Json file = {
      {"format", "scission-plans"}, {"version", 1}, {"model", "chain"}, {"plans", {plan}}};
  WriteFileAtomically(folder_.path() / "plan.json", file.dump());
  const Json report = Good({"-r", "3"});
  EXPECT_THAT(What(report), ElementsAre("caller to device", "device = 0 - 5", "device to edge",
                                        "edge = 6 - 11", "end to end"));
  EXPECT_EQ(report["rows"][0]["predicted_ms"], 2.0);
  EXPECT_GT(report["rows"][0]["median_ms"], 0.0);
  EXPECT_EQ(report["rows"][4]["predicted_ms"], plan["latency_ms"]);
}

TEST_F(RunPlan, ShowsPredictedBesideMeasuredForEachPart) {
  WritePlans({{"device", "edge", "cloud"}});
  const Json report = Good({"-r", "5", "--plot", "t"});
  EXPECT_EQ(report["requests"], 5);
  EXPECT_THAT(What(report), ElementsAre("device takes the request", "device = 0 - 3",
                                        "device to edge", "edge = 4 - 7", "edge to cloud",
                                        "cloud = 8 - 11", "end to end", "as the caller sees it"));
  double parts = 0;
  for (std::size_t i = 0; i < 6; ++i) parts += report["rows"][i]["median_ms"].get<double>();
  const Json& total = report["rows"][6];
  EXPECT_EQ(total["predicted_ms"], 30.0);
  EXPECT_NEAR(parts / total["median_ms"].get<double>(), 1, 0.5);  // medians need not add up
  double now = 30;
  for (const std::size_t stage : {1, 3, 5}) {
    now += report["rows"][stage]["alone_ms"].get<double>() - 10;
    EXPECT_GT(report["rows"][stage]["alone_ms"], 0);
  }
  EXPECT_NEAR(total["alone_ms"].get<double>(), now, 1e-6);
  EXPECT_GE(report["rows"][7]["median_ms"], total["median_ms"]);
  for (const std::size_t hop : {2, 4}) {
    EXPECT_EQ(report["rows"][hop]["sent_bytes"], kCrossing);
    EXPECT_NEAR(report["rows"][hop]["reply_bytes"].get<double>(), kCrossing, 200);  // a message
    EXPECT_EQ(report["rows"][hop]["codec"], "none");
  }
  EXPECT_LT(report["deviation"], 1e-4);
  EXPECT_THAT(report["notes"].dump(), AllOf(HasSubstr("leaves the answer's way back out"),
                                            HasSubstr("are on one machine")));
  EXPECT_THAT(ReadFile(folder_.path() / "t.png"), StartsWith("\x89PNG"));
  EXPECT_THAT(ReadFile(folder_.path() / "t.svg"), HasSubstr("computing"));
  EXPECT_EQ(SegmentProcesses(), 0u);
}

TEST_F(RunPlan, ASourceThatRunsNothingHandsItsInputOn) {
  Json plan = PlanOf({"cloud"});
  plan["hops"] = {{{"from", "device"}, {"to", "cloud"}, {"bytes", kCrossing}, {"time_ms", 1.0}}};
  const Json file = {{"format", "scission-plans"},
                     {"version", 1},
                     {"model", "chain"},
                     {"replies", true},
                     {"plans", {plan}}};
  WriteFileAtomically(folder_.path() / "plan.json", file.dump());
  const Json report = Good({"-r", "3"});
  EXPECT_THAT(What(report), ElementsAre("device takes the request", "device to cloud",
                                        "cloud = 0 - 11", "end to end", "as the caller sees it"));
  EXPECT_EQ(report["rows"][1]["sent_bytes"], kCrossing);
  EXPECT_THAT(report["notes"].dump(), Not(HasSubstr("way back")));
}

TEST_F(RunPlan, CodecsSaveBytesAndTellTheDeviation) {
  WritePlans({{"device", "edge"}});
  const Json half = Good({"-r", "3", "--codec", "fp16"});
  EXPECT_EQ(half["rows"][2]["sent_bytes"], kCrossing / 2);
  EXPECT_EQ(half["is_lossy"], true);
  EXPECT_GT(half["deviation"], 1e-6);
  EXPECT_LT(half["deviation"], 0.05);
  const Json automatic = Good({"-r", "3", "--codec", "auto:none,int8"});
  EXPECT_THAT(automatic["notes"].dump(), HasSubstr("device to edge: "));
  const std::string chosen = automatic["rows"][2]["codec"];
  EXPECT_THAT(chosen, ::testing::AnyOf("none", "int8"));
  EXPECT_EQ(automatic["is_lossy"], chosen == "int8");
}

TEST_F(RunPlan, SendsManyAtOnceAndAtARate) {
  WritePlans({{"device", "edge"}});
  const Json closed = Good({"-r", "20", "--concurrency", "4"});
  EXPECT_EQ(closed["requests"], 20);
  EXPECT_GT(closed["throughput"]["measured_per_s"], 0);
  const Json open = Good({"-r", "5", "--rate", "5", "--arrivals", "fixed"});
  EXPECT_EQ(open["requests"], 5);
  EXPECT_LT(open["throughput"]["measured_per_s"], 6.3);  // 5 answers in 0.8 s and more
  EXPECT_THAT(open["notes"].dump(), HasSubstr("5 a second, evenly"));
}

TEST_F(RunPlan, KeepsThePipelineWhereItIsAskedTo) {
  WritePlans({{"device", "edge"}});
  Good({"-r", "1", "--keep"});
  EXPECT_EQ(SegmentProcesses(), 2u);
  Good({"-r", "1"});
  EXPECT_EQ(SegmentProcesses(), 0u);
}

TEST_F(RunPlan, InterruptedItUnloadsItsStages) {
  WritePlans({{"device", "edge"}});
  const auto run = BeginRun({"-r", "1000000"});
  ASSERT_TRUE(Eventually([&] { return SegmentProcesses() == 2; }));
  usleep(500'000);
  run->Signal(SIGINT);
  EXPECT_EQ(run->Wait(), 130) << run->Error();
  EXPECT_TRUE(Eventually([&] { return SegmentProcesses() == 0; }));
}

TEST_F(RunPlan, SendsRequestsForSomeTime) {
  WritePlans({{"device", "edge"}});
  EXPECT_GE(Good({"--duration", "0.1"})["requests"], 20);
  EXPECT_GE(Good({"--duration", "3"})["requests"], 21);
}

TEST_F(RunPlan, TellsPeopleAndSpreadsheets) {
  WritePlans({{"device", "edge"}});
  const auto text =
      Scission({"run", "plan.json", "chain.onnx", "--hosts", "hosts.toml", "-r", "2"});
  EXPECT_EQ(text.exit_code, 0) << text.standard_error;
  EXPECT_THAT(text.standard_output,
              AllOf(StartsWith("chain: device = 0 - 5, edge = 6 - 11\n2 requests answered\n"),
                    HasSubstr("outputs: all equal the unsplit model's")));
  const auto csv = Scission(
      {"run", "plan.json", "chain.onnx", "--hosts", "hosts.toml", "-r", "2", "--format", "csv"});
  EXPECT_EQ(Lines(csv.standard_output).size(), 7u);
  EXPECT_THAT(csv.standard_output, StartsWith("what,predicted_ms,alone_ms,median_ms,"));
}

TEST_F(RunPlan, RefusesInOneLineWhatDoesNotBelongTogether) {
  WritePlans({{"device", "edge"}});
  WriteFileAtomically(folder_.path() / "far.toml",
                      "[[host]]\nname=\"device\"\naddress=\"192.0.2.1:7001\"\n"
                      "[[host]]\nname=\"edge\"\naddress=\"192.0.2.2:7001\"\n");
  WriteFileAtomically(folder_.path() / "few.toml",
                      "[[host]]\nname=\"device\"\naddress=\"127.0.0.1:7001\"\n");
  Json odd = Json::parse(ReadFile(folder_.path() / "plan.json"));
  odd["options"] = {"--fast"};
  WriteFileAtomically(folder_.path() / "odd.json", odd.dump());
  const struct {
    std::vector<std::string> arguments;
    std::string fragment;
  } kCases[] = {
      {{"plan.json", "--hosts", "hosts.toml"}, "give the MODEL's file as well"},
      {{"plan.json", "chain.onnx"}, "--hosts"},
      {{"no.json", "chain.onnx", "--hosts", "hosts.toml"}, "no.json"},
      {{"plan.json", "chain.onnx", "--hosts", "few.toml"}, "few.toml: has no host 'edge'"},
      {{"plan.json", "chain.onnx", "--hosts", "far.toml"}, "far.toml: host 'device'"},
      {{"plan.json", "chain.onnx", "--hosts", "hosts.toml", "--codec", "gzip"}, "--codec"},
      {{"plan.json", "chain.onnx", "--hosts", "hosts.toml", "--send-image"}, "--input"},
      {{"plan.json", "chain.onnx", "--hosts", "hosts.toml", "--rate", "1", "--concurrency", "2"},
       "--concurrency"},
      {{"plan.json", "chain.onnx", "--hosts", "hosts.toml", "-r", "1", "--duration", "2"},
       "--duration"},
      {{"odd.json", "chain.onnx", "--hosts", "hosts.toml"}, "odd.json: options: "},
  };
  for (const auto& one : kCases) {
    std::vector<std::string> arguments = {"run"};
    arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
    const auto result = Scission(arguments);
    EXPECT_EQ(result.exit_code, 2) << one.fragment << result.standard_error;
    EXPECT_THAT(result.standard_error, HasSubstr(one.fragment));
    EXPECT_EQ(Lines(result.standard_error).size(), 1u) << result.standard_error;
    EXPECT_EQ(result.standard_output, "");
  }
}

/// A BMP of 8 x 8 pixels, each another colour.
std::string SmallBmp() {
  constexpr int kSide = 8;
  std::string file = "BM";
  const auto add = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file += static_cast<char>(value >> (8 * i) & 0xFF);
  };
  add(54 + 3 * kSide * kSide, 4);
  add(0, 4);
  add(54, 4);
  add(40, 4);
  add(kSide, 4);
  add(kSide, 4);
  add(1, 2);
  add(24, 2);
  for (int i = 0; i < 6; ++i) add(0, 4);
  for (int i = 0; i < 3 * kSide * kSide; ++i) file += static_cast<char>(i);
  return file;
}

TEST_F(RunPlan, TheFirstWorkerDecodesAnImageThatIsSentAsItIs) {
  Random random(1);
  OnnxBuilder builder;
  builder.Input("x", {1, 3, 16, 16}).Output("b");
  builder.Node("Conv", "a", {"x", builder.Weight("w", {4, 3, 3, 3}, random)});
  builder.Node("Relu", "b", {"a"});
  WriteFileAtomically(folder_.path() / "image.onnx", builder.proto().SerializeAsString());
  const std::string image = SmallBmp();
  WriteFileAtomically(folder_.path() / "i.bmp", image);
  Json plan = PlanOf({"cloud"});
  plan["stages"][0]["last_layer"] = 1;
  plan["hops"] = {{{"from", "device"}, {"to", "cloud"}, {"bytes", 3072}, {"time_ms", 1.0}}};
  const Json file = {
      {"format", "scission-plans"}, {"version", 1}, {"model", "image"}, {"plans", {plan}}};
  WriteFileAtomically(folder_.path() / "plan.json", file.dump());
  const auto result = Scission({"run", "plan.json", "image.onnx", "--hosts", "hosts.toml",
                                "--input", "i.bmp", "--send-image", "-r", "2", "--format", "json"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const Json report = ReportOf(result);
  EXPECT_EQ(report["wrong"], 0);
  EXPECT_NEAR(report["rows"][1]["sent_bytes"].get<double>(), static_cast<double>(image.size()), 4);
  EXPECT_THAT(report["notes"].dump(), HasSubstr("the tensor sent, not the image"));
  // With links that are known: 3072 bytes become those of the image, on the way in and to the
  // cloud.
  const std::string links = "from,to,ping,mbps\ndevice,device,0.5,8\ndevice,cloud,0.5,8\n";
  WriteFileAtomically(folder_.path() / "links.csv", links);
  Sha256 hash;
  hash.Add(links);
  plan["entry_ms"] = 20;
  plan["latency_ms"] = 50;
  plan["hops"][0]["time_ms"] = 5;
  Json known = file;
  known["plans"] = {plan};
  known["inputs"] = {{{"file", "links.csv"}, {"sha256", hash.Finish()}}};
  WriteFileAtomically(folder_.path() / "plan.json", known.dump());
  const Json other =
      ReportOf(Scission({"run", "plan.json", "image.onnx", "--hosts", "hosts.toml", "--input",
                         "i.bmp", "--send-image", "-r", "2", "--format", "json"}));
  const double saved = (3072 - static_cast<double>(image.size())) / 1000;  // ms, at 8 Mbit/s
  EXPECT_THAT(other["notes"].dump(), Not(HasSubstr("not the image")));
  EXPECT_NEAR(other["rows"][0]["predicted_ms"].get<double>(), 20 - saved, 1e-6);
  EXPECT_NEAR(other["rows"][1]["predicted_ms"].get<double>(), 5 - saved, 1e-6);
  EXPECT_NEAR(other["rows"].back()["predicted_ms"].get<double>(), 50 - 2 * saved, 1e-6);
}

TEST_F(RunPlan, LayersMayBeOnAnotherInferenceServer) {
  // The server is a worker that has the second half as a model of its own.
  ASSERT_EQ(Scission({"split", "chain.onnx", "--at", "5", "-o", "parts"}).exit_code, 0);
  Json hosting = PlanOf({"cloud"});
  hosting["stages"][0]["last_layer"] = 5;
  const std::string name = "segment-2-layers-6-11";
  const Json file = {
      {"format", "scission-plans"}, {"version", 1}, {"model", name}, {"plans", {hosting}}};
  WriteFileAtomically(folder_.path() / "hosting.json", file.dump());
  const auto hosted = Scission({"run", "hosting.json", "parts/" + name + ".onnx", "--hosts",
                                "hosts.toml", "-r", "1", "--keep"});
  ASSERT_EQ(hosted.exit_code, 0) << hosted.standard_error;
  WriteFileAtomically(
      folder_.path() / "hosts.toml",
      fmt::format("[[host]]\nname = \"device\"\naddress = \"{}\"\n"
                  "[[host]]\nname = \"server\"\naddress = \"{}\"\nengine = \"oip\"\n"
                  "model = \"{}\"\nlayers = \"6-11\"\n",
                  AddressOf("device"), AddressOf("cloud"), name));
  WritePlans({{"device", "server"}});
  const Json report = Good({"-r", "3"});
  EXPECT_THAT(What(report), ::testing::Contains("server = 6 - 11"));
}

TEST_F(RunPlan, PlansAnewFromWhatThePlanWasMadeOfWhereAHostIsLost) {
  const auto study = Scission({"study", "chain.onnx", "--hosts", "hosts.toml", "-o", "s",
                               "--effort", "quick", "-r", "2", "--link-rounds", "2"},
                              std::chrono::seconds(240));
  ASSERT_TRUE(study.exit_code == 0 || study.exit_code == 4) << study.standard_error;
  const auto slow = folder_.path() / "s/profiles/device-device.json";
  Json profile = Json::parse(ReadFile(slow));
  for (Json& range : profile["models"][0]["ranges"]) {
    for (Json& sample : range["samples_ms"]) sample = sample.get<double>() * 100;
  }
  WriteFileAtomically(slow, profile.dump());
  const auto predict = [&](std::vector<std::string> more) {
    std::vector<std::string> command = {"predict", "s/profiles", "s/network.csv", "chain",
                                        "-n",      "1",          "--save",        "plan.json"};
    command.insert(command.end(), more.begin(), more.end());
    const auto result = Scission(command);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return Json::parse(ReadFile(folder_.path() / "plan.json"))["plans"][0]["stages"];
  };
  predict({"-c", "!-1"});
  worker("cloud").Signal(SIGKILL);
  worker("cloud").Wait();
  const auto bound = Run({"-r", "2"});
  EXPECT_EQ(bound.exit_code, 3);
  EXPECT_THAT(bound.standard_error, HasSubstr("(--cloud !-1 and --exclude-host cloud conflict)"));
  // What was asked for holds for the new plan, which is for the edge else, as the device is slow.
  predict({"-e", "-1"});
  Json plan = Json::parse(ReadFile(folder_.path() / "plan.json"));
  EXPECT_EQ(plan["options"], Json({"--edge=-1"}));
  plan["options"] = {"--private=2"};
  WriteFileAtomically(folder_.path() / "plan.json", plan.dump());
  const auto result = Run({"-r", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const Json report = ReportOf(result);
  EXPECT_EQ(report["plan"], "device = 0 - 2, edge = 3 - 11");
  EXPECT_EQ(report["losses"][0]["host"], "cloud");
  EXPECT_THAT(report["losses"][0]["consequence"].get<std::string>(),
              StartsWith("planned anew without cloud: "));
}

/// Workers that talk to those alone who have a certificate of their CA.
TEST_F(PipelineFixture, RunsBehindTls) {
  ASSERT_EQ(Scission({"certs", "-o", "c", "device=127.0.0.1", "edge=127.0.0.1"}).exit_code, 0);
  for (const char* name : {"device", "edge"}) StartWorker(name, TlsOptions(name, "c"));
  WriteHosts();
  WritePlans({{"device", "edge"}});
  std::vector<std::string> run = {"-r", "3"};
  const std::vector<std::string> trusted = TlsOptions("coordinator", "c");
  run.insert(run.end(), trusted.begin(), trusted.end());
  const auto good = Run(run);
  EXPECT_EQ(good.exit_code, 0) << good.standard_error;
  const auto plain = Run({"-r", "3"});
  EXPECT_EQ(plain.exit_code, 3);
  EXPECT_THAT(plain.standard_error, HasSubstr("TLS"));
}

}  // namespace
}  // namespace scission::testing
