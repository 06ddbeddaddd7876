// `scission predict` end to end, against what the original tool printed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/testing/reference.h"
#include "network/network_csv.h"
#include "process.h"
#include "profile/profile_io.h"
#include "profile/segment_time.h"

namespace scission::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ProcessResult Predict(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.begin(), {Program(), "predict"});
  arguments.insert(arguments.end(), more.begin(), more.end());
  return RunProcess(arguments, ReferenceFolder());
}

std::vector<double> Latencies(const ProcessResult& result) {
  const auto document = nlohmann::json::parse(result.standard_output);
  std::vector<double> latencies;
  for (const auto& plan : document["plans"]) {
    latencies.push_back(plan["latency_ms"].get<double>() / 1e3);
  }
  return latencies;
}

/// Sorts lines of equal latency, whose order is free, and takes their ranks away.
std::vector<std::string> WithoutOrderOfTies(std::vector<std::string> lines,
                                            const std::vector<double>& latencies) {
  for (std::string& line : lines) line.erase(0, line.find(' '));
  for (std::size_t begin = 0; begin < std::min(lines.size(), latencies.size());) {
    std::size_t end = begin + 1;
    while (end < latencies.size() && latencies[end] - latencies[begin] < 1e-12) ++end;
    const auto at = [&](std::size_t i) { return lines.begin() + static_cast<std::ptrdiff_t>(i); };
    std::sort(at(begin), at(std::min(end, lines.size())));
    begin = end;
  }
  return lines;
}

TEST(Predict, PrintsWhatTheOriginalPrinted) {
  SCISSION_REQUIRE_REFERENCE();
  const auto document = nlohmann::json::parse(ReadFile(ReferenceFolder() / "predict_cases.json"));
  int count = 0;
  for (const auto& query : document["cases"]) {
    SCOPED_TRACE(query["argv"].dump());
    ++count;
    const std::vector<std::string> argv = query["argv"];
    const ProcessResult classic = Predict(argv, {"--classic"});
    if (query["status"] != "results") {
      EXPECT_EQ(classic.exit_code, 3);
      EXPECT_EQ(classic.standard_output, "");
      EXPECT_THAT(Lines(classic.standard_error),
                  ElementsAre(AllOf(HasSubstr("no plan meets the constraints"),
                                    HasSubstr(", but one would with"))));
      continue;
    }
    const std::vector<double> latencies = query["latency"];
    EXPECT_EQ(classic.exit_code, 0);
    EXPECT_EQ(classic.standard_error, "");
    EXPECT_EQ(WithoutOrderOfTies(Lines(classic.standard_output), latencies),
              WithoutOrderOfTies(query["expected"], latencies));
    EXPECT_THAT(Latencies(Predict(argv, {"--format", "json"})),
                ::testing::Pointwise(::testing::DoubleNear(1e-9), latencies));
  }
  EXPECT_EQ(count, 54);
}

TEST(Predict, PrintsTheLinesOfTheIssue) {
  SCISSION_REQUIRE_REFERENCE();
  const auto result = Predict({"benchmark_data", "network_stats.csv", "vgg19"},
                              {"-d", "!-1", "-e", "10", "-c", "16"});
  const auto lines = Lines(result.standard_output);
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0],
            "[1] 9.0106s - 2.4087MB - Device(raspi4) = 0 - 6, Edge(vm2Core) = 7 - 11, "
            "Cloud(6700k(GPU)) = 12 - 25");
}

// ---- Several devices, edges and clouds, against an enumeration of its own ----

struct Host {
  std::string name;
  const ModelProfile* model;
};

double TransferSeconds(const Network& network, const Host& from, const Host& to, double bytes) {
  const Link* link = network.Find(from.name, to.name);
  if (link == nullptr) return std::numeric_limits<double>::infinity();
  return link->latency.count() + bytes / link->bytes_per_second;
}

/// Time of the blocks [first, end) of the model; 0 where there is none.
double BlockSeconds(const Host& host, std::size_t first, std::size_t end) {
  if (first == end) return 0;
  const auto& blocks = host.model->blocks;
  return SegmentTime(*host.model, blocks[first].first_layer, blocks[end - 1].last_layer).count();
}

double OutputBytes(const Host& host, std::size_t end) {
  return host.model->blocks[end - 1].output_bytes.count;
}

std::vector<Host> HostsOf(const std::vector<Profile>& profiles, const std::string& tier,
                          const std::string& model) {
  std::vector<Host> hosts;
  for (const Profile& profile : profiles) {
    if (profile.host.tier == tier) hosts.push_back({profile.host.name, profile.FindModel(model)});
  }
  return hosts;
}

/// Device runs the blocks [0, i), edge [i, j), cloud [j, count).
double PlanSeconds(const Network& network, const Host& device, const Host& edge, const Host& cloud,
                   std::size_t i, std::size_t j) {
  const std::size_t count = device.model->blocks.size();
  const double leaving_device = i == 0 ? 150'000 : OutputBytes(device, i);
  double seconds =
      BlockSeconds(device, 0, i) + BlockSeconds(edge, i, j) + BlockSeconds(cloud, j, count);
  if (i < count) seconds += TransferSeconds(network, device, i < j ? edge : cloud, leaving_device);
  if (i < j && j < count) seconds += TransferSeconds(network, edge, cloud, OutputBytes(edge, j));
  return seconds;
}

std::vector<double> EnumeratedLatencies(const std::vector<Profile>& profiles,
                                        const Network& network, const std::string& model) {
  const auto edges = HostsOf(profiles, "edge", model);
  const auto clouds = HostsOf(profiles, "cloud", model);
  std::vector<double> latencies;
  for (const Host& device : HostsOf(profiles, "device", model)) {
    const std::size_t count = device.model->blocks.size();
    for (std::size_t i = 0; i <= count; ++i) {
      for (std::size_t j = i; j <= count; ++j) {
        for (const Host& edge : edges) {
          if (i == j && &edge != &edges[0]) continue;  // it runs nothing, whichever it is
          for (const Host& cloud : clouds) {
            if (j == count && &cloud != &clouds[0]) continue;
            const double seconds = PlanSeconds(network, device, edge, cloud, i, j);
            if (std::isfinite(seconds)) latencies.push_back(seconds);
          }
        }
      }
    }
  }
  std::sort(latencies.begin(), latencies.end());
  return latencies;
}

TEST(Predict, AgreesWithAnEnumerationOverSeveralHostsOfATier) {
  SCISSION_REQUIRE_REFERENCE();
  const std::filesystem::path folder = ReferenceFolder() / "benchmark_data_multi";
  const std::vector<Profile> profiles = ReadProfiles(folder);
  for (const char* file :
       {"network_stats.csv", "network_stats_tiny.csv", "network_stats_var.csv"}) {
    std::vector<std::string> warnings;
    const Network network = ReadNetwork(folder / file, warnings);
    for (const char* model : {"vgg16", "xception", "resnet50", "densenet201", "nasnetmobile"}) {
      SCOPED_TRACE(std::string(file) + " " + model);
      auto expected = EnumeratedLatencies(profiles, network, model);
      expected.resize(std::min<std::size_t>(expected.size(), 100));
      const auto result =
          Predict({"benchmark_data_multi", file, model}, {"-n", "100", "--format", "json"});
      EXPECT_THAT(Latencies(result), ::testing::Pointwise(::testing::DoubleNear(1e-9), expected));
    }
  }
}

// ---- What is ours ----

class PredictOwnProfiles : public ::testing::Test {
 protected:
  /// The original's profiles, written as ours.
  void SetUp() override {
    SCISSION_REQUIRE_REFERENCE();
    for (Profile& profile : ReadProfiles(ReferenceFolder() / "benchmark_data")) {
      for (ModelProfile& model : profile.models) model.input_bytes = input_;
      WriteProfile(profile,
                   folder_.path() / (profile.host.tier + "-" + profile.host.name + ".json"));
    }
  }

  const Bytes input_{602112};
  const TemporaryFolder folder_;
};

TEST_F(PredictOwnProfiles, GivesTheSamePlansAsTheOriginals) {
  const std::string network = ReferenceFolder() / "benchmark_data/network_stats.csv";
  for (const char* model : {"vgg19", "mobilenet"}) {
    const auto ours = Predict({folder_.path(), network, model}, {"-n", "200", "-i", "0.15"});
    const auto theirs = Predict({"benchmark_data", network, model}, {"-n", "200"});
    EXPECT_EQ(ours.standard_output, theirs.standard_output);
    EXPECT_EQ(ours.standard_error, "");
  }
}

TEST_F(PredictOwnProfiles, SendsTheModelsInputByDefault) {
  const std::string network = ReferenceFolder() / "benchmark_data/network_stats.csv";
  const auto result = Predict({folder_.path(), network, "vgg19"}, {"-d", "-1"});
  EXPECT_THAT(result.standard_output, HasSubstr("s - 0.6021MB - Cloud(6700k(GPU)) = 0 - 25"));
}

TEST(Predict, UsesHostsOfAnyTierInAnyOrderFromAnySource) {
  SCISSION_REQUIRE_REFERENCE();
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> names = {
      {"cloud-6700k(GPU)", "fog-near"}, {"device-raspi4", "device-pi"}, {"edge-2500", "edge-far"}};
  for (const auto& [theirs, ours] : names) {
    std::filesystem::copy(ReferenceFolder() / "benchmark_data" / (theirs + ".dat"),
                          folder.path() / (ours + ".dat"));
  }
  WriteFileAtomically(folder.path() / "n.csv",
                      "from,to,ping,mbps\npi,near,1,1000\nnear,far,1,1000\nfar,pi,1,1000\n");
  const auto result =
      Predict({folder.path(), "n.csv", "vgg19"},
              {"-n", "1", "--source", "far", "-d", "3", "-e", "0", "--plot", folder.path() / "p"});
  EXPECT_EQ(result.standard_error, "");
  EXPECT_THAT(
      Lines(result.standard_output)[0],
      ::testing::MatchesRegex(".*Edge.far. = 0 - .*, Device.pi. = .*, Fog.near. = .* - 25"));
}

TEST(Predict, CountsTheAnswersWayBack) {
  const TemporaryFolder folder;
  WriteFileAtomically(folder.path() / "n.csv",
                      "from,to,ping,mbps\nepyc1,epyc2,25,200\nepyc2,epyc1,10,40\n");
  const std::vector<std::string> command = {
      Program(),  "predict",  SCISSION_SOURCE_DIR "/examples/profiles",
      "n.csv",    "resnet50", "--source",
      "epyc1",    "-c",       "!-1",
      "--format", "json",     "--replies"};
  const auto result = RunProcess(command, folder.path());
  EXPECT_EQ(result.standard_error, "");
  const auto document = nlohmann::json::parse(result.standard_output);
  EXPECT_EQ(document["replies"], true);
  const auto& hop = document["plans"].at(0)["hops"].at(0);
  EXPECT_EQ(hop["to"], "epyc2");
  // The model's output has 4000 bytes: 0.8 ms.
  EXPECT_NEAR(hop["time_ms"].get<double>(), 25 + hop["bytes"].get<double>() / 25e3 + 10 + 0.8,
              1e-9);
  EXPECT_EQ(hop["reply_bytes"], 4000);
  EXPECT_EQ(document["plans"].at(0)["sent_bytes"], hop["bytes"].get<int>() + 4000);
}

TEST(Predict, WarnsOfLinksOnWhichNoAnswerReturns) {
  const TemporaryFolder folder;
  WriteFileAtomically(folder.path() / "n.csv", "from,to,ping,mbps\nepyc1,epyc2,25,200\n");
  const auto result = RunProcess({Program(), "predict", SCISSION_SOURCE_DIR "/examples/profiles",
                                  "n.csv", "resnet50", "--source", "epyc1", "--replies"},
                                 folder.path());
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(Lines(result.standard_output).size(), 1u);
  EXPECT_EQ(
      result.standard_error,
      "scission: warning: there is no link from epyc2 to epyc1, on which answers return: that "
      "from epyc1 to epyc2 is not used\n");
}

TEST(Predict, DrawsThePlanAndSaysWhere) {
  SCISSION_REQUIRE_REFERENCE();
  const TemporaryFolder folder;
  const std::string path = folder.path() / "plan";
  const auto result = Predict({"benchmark_data", "network_stats.csv", "vgg19"},
                              {"-n", "1", "--plot", path + ".png"});
  EXPECT_THAT(Lines(result.standard_output),
              ElementsAre(HasSubstr("[1] "), "Pictures: " + path + ".png, " + path + ".svg"));
  EXPECT_EQ(ReadFile(path + ".png").substr(1, 3), "PNG");
  EXPECT_THAT(ReadFile(path + ".svg"), HasSubstr("<svg"));
}

TEST(Predict, WarnsAndGoesOn) {
  SCISSION_REQUIRE_REFERENCE();
  const TemporaryFolder folder;
  WriteFileAtomically(folder.path() / "n.csv", "from,to,ping,mbps\na,b,1,1\na,b,2,1\n");
  const std::string network = folder.path() / "n.csv";
  const auto result = Predict({"benchmark_data", network, "vgg19"}, {"-n", "1"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.standard_output, "[1] 2.7347s - 0.0000MB - Device(raspi4) = 0 - 25\n");
  EXPECT_EQ(result.standard_error, "scission: warning: " + network +
                                       ":3: the link from a to b stands twice; this row counts\n");
}

TEST(Predict, HelpNamesEveryOptionOfTheOriginal) {
  const auto result = RunProcess({Program(), "predict", "--help"});
  EXPECT_EQ(result.exit_code, 0);
  for (const char* option :
       {"--result-count", "--input", "--device", "--edge", "--cloud", "--device-upload",
        "--device-time", "--edge-upload", "--edge-time", "--cloud-time"}) {
    EXPECT_THAT(result.standard_output, HasSubstr(option));
  }
}

}  // namespace
}  // namespace scission::testing
