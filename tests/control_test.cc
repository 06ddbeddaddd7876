// Certificates, TLS between real processes, and what a worker's control plane does with a real
// model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "base/testing/error_of.h"
#include "certs/certificate.h"
#include "cluster/control_client.h"
#include "cluster_fixture.h"
#include "model/testing/onnx_builder.h"

namespace scission::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Control : public ClusterFixture {
 protected:
  ProcessResult MakeCerts(const std::vector<std::string>& hosts, const std::string& folder) const {
    std::vector<std::string> arguments = {"certs", "-o", folder};
    arguments.insert(arguments.end(), hosts.begin(), hosts.end());
    return Scission(arguments);
  }
  Security SecurityOf(const std::string& name, const std::string& folder) const {
    return {Path(folder + "/" + name + ".crt"), Path(folder + "/" + name + ".key"),
            Path(folder + "/ca.crt")};
  }
  ControlClient Client(const std::string& name, const Security& security = {}) {
    return ControlClient(name, AddressOf(name), {.security = security});
  }
  /// What a user reads of a call that fails.
  std::string StatusErrorOf(ControlClient client) {
    try {
      client.Status(Seconds(20));
    } catch (const std::exception& error) {
      return error.what();
    }
    return "no error";
  }
  /// The refusal of a worker that does not start.
  std::string RefusalOf(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"worker", "--name", "edge", "--cache", Path("cache")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProcessResult result = Scission(arguments, std::chrono::seconds(30));
    EXPECT_EQ(result.exit_code, 2) << result.standard_error;
    EXPECT_EQ(Lines(result.standard_error).size(), 1) << result.standard_error;
    return result.standard_error;
  }
};

TEST_F(Control, CertsMakesWhatItSays) {
  const ProcessResult made = MakeCerts({"edge=10.0.0.2", "pi"}, "certs");
  ASSERT_EQ(made.exit_code, 0) << made.standard_error;
  EXPECT_THAT(made.standard_output, HasSubstr("certs/ca.crt: made, valid until "));
  EXPECT_THAT(made.standard_output, HasSubstr(", for 10.0.0.2, edge, localhost, 127.0.0.1\n"));
  EXPECT_THAT(made.standard_output,
              HasSubstr("  scission worker --name edge --listen 10.0.0.2:7001 --tls-cert edge.crt "
                        "--tls-key edge.key --tls-ca ca.crt\n"));
  EXPECT_THAT(made.standard_output, HasSubstr("--tls-cert certs/coordinator.crt"));
  for (const char* name : {"ca", "coordinator", "edge", "pi"}) {
    struct stat status {};
    ASSERT_EQ(::stat(Path(std::string("certs/") + name + ".key").c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 0777, 0600) << name;
  }
  const ProcessResult again = MakeCerts({"edge=10.0.0.3", "cloud"}, "certs");
  ASSERT_EQ(again.exit_code, 0) << again.standard_error;
  EXPECT_THAT(again.standard_output,
              HasSubstr("certs/edge.crt: kept, but is not for 10.0.0.3 (--renew makes a new one)"));
  EXPECT_THAT(again.standard_output, HasSubstr("certs/cloud.crt: made"));
  const ProcessResult bad = MakeCerts({"../x"}, "more");
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.standard_error, StartsWith("scission: error: '../x': is no name"));
  EXPECT_FALSE(fs::exists(Path("more")));
}

TEST_F(Control, CertsTakesTheHostsOfAFile) {
  WriteFileAtomically(folder_.path() / "hosts.toml",
                      "[[host]]\nname = \"edge\"\naddress = \"10.0.0.2:7009\"\n"
                      "[[host]]\nname = \"far\"\n");
  const ProcessResult made = Scission({"certs", "-o", "certs", "--hosts", "hosts.toml"});
  ASSERT_EQ(made.exit_code, 0) << made.standard_error;
  EXPECT_THAT(made.standard_output, HasSubstr("--name edge --listen 10.0.0.2:7009 "));
  EXPECT_FALSE(fs::exists(Path("certs/far.crt")));
}

TEST_F(Control, WorkersWithTlsTakeTheirOwnClusterAlone) {
  ASSERT_EQ(MakeCerts({"edge"}, "certs").exit_code, 0);
  ASSERT_EQ(MakeCerts({"edge"}, "other").exit_code, 0);
  StartWorker("edge", TlsOptions("edge", "certs"));
  ControlClient client = Client("edge", SecurityOf("coordinator", "certs"));
  EXPECT_EQ(client.Status(Seconds(20)).name(), "edge");
  const std::string place = "edge (" + AddressOf("edge") + "): ";
  EXPECT_EQ(StatusErrorOf(Client("edge")),
            place + "demands TLS: give --tls-cert, --tls-key and --tls-ca");
  EXPECT_THAT(StatusErrorOf(Client("edge", SecurityOf("coordinator", "other"))),
              StartsWith(place + "its certificate is not signed by " + Path("other/ca.crt")));
  Security mixed = SecurityOf("coordinator", "other");
  mixed.authority = Path("certs/ca.crt");
  EXPECT_EQ(StatusErrorOf(Client("edge", mixed)), place + "refuses our certificate " +
                                                      Path("other/coordinator.crt") +
                                                      "; does it know its CA?");
}

TEST_F(Control, TlsToAWorkerWithoutIsNamed) {
  ASSERT_EQ(MakeCerts({}, "certs").exit_code, 0);
  StartWorker("edge");
  EXPECT_EQ(StatusErrorOf(Client("edge", SecurityOf("coordinator", "certs"))),
            "edge (" + AddressOf("edge") +
                "): speaks no TLS; was its worker started without --tls-cert?");
}

TEST_F(Control, AWorkerThatCannotBeSafeDoesNotStart) {
  ASSERT_EQ(MakeCerts({"edge"}, "certs").exit_code, 0);
  EXPECT_THAT(RefusalOf({"--listen", "0.0.0.0:0"}),
              StartsWith("scission: error: --listen: 0.0.0.0:0 is beyond this machine"));
  EXPECT_THAT(RefusalOf({"--tls-cert", Path("certs/edge.crt")}),
              HasSubstr("--tls-key: is missing"));
  std::vector<std::string> wrong = TlsOptions("edge", "certs");
  wrong[3] = Path("certs/ca.key");
  EXPECT_THAT(RefusalOf(wrong), HasSubstr("certs/ca.key: is not the key of the certificate"));

  const PemPair authority{ReadFile(Path("certs/ca.crt")), ReadFile(Path("certs/ca.key"))};
  const Time now = std::chrono::system_clock::now();
  const PemPair old = MakeCertificate(
      authority,
      {.name = "edge", .validity = {now - std::chrono::hours(72), now - std::chrono::hours(48)}});
  WriteFileAtomically(Path("certs/edge.crt"), old.certificate);
  WriteFileAtomically(Path("certs/edge.key"), old.key);
  EXPECT_THAT(RefusalOf(TlsOptions("edge", "certs")),
              HasSubstr("certs/edge.crt: the certificate 'edge' has expired on "));
}

/// A chain of products: three blocks.
void WriteChain(const fs::path& file) {
  Random random(1);
  OnnxBuilder builder;
  builder.Input("x", {64, 256}).Output("y2");
  std::string last = "x";
  for (int i = 0; i < 3; ++i) {
    const std::string number = std::to_string(i);
    const std::string weight = builder.Weight("w" + number, {256, 256}, random, 0.1);
    last = builder.Node("MatMul", "y" + number, {last, weight}).output(0);
  }
  WriteFileAtomically(file, builder.proto().SerializeAsString());
}

TEST_F(Control, BenchmarksAModelThatWasPushed) {
  WriteChain(folder_.path() / "chain.onnx");
  StartWorker("edge");
  ControlClient client = Client("edge");
  v1::BenchmarkRequest request;
  request.set_tier("edge");
  request.set_blob_sha256(client.PushBlob(folder_.path() / "chain.onnx"));
  request.set_model_name("chain");
  request.set_effort("quick");
  request.set_repeats(2);
  std::vector<std::string> lines;
  const auto result =
      client.Benchmark(request, [&](const std::string& line) { lines.push_back(line); });
  const auto profile = nlohmann::json::parse(result.profile_json);
  EXPECT_EQ(profile["host"]["name"], "edge");
  EXPECT_EQ(profile["models"][0]["model"], "chain");
  EXPECT_FALSE(lines.empty());

  // What a plan runs here, and the quick benchmark left out.
  const nlohmann::json plans = {
      {"format", "scission-plans"},
      {"version", 1},
      {"model", "chain"},
      {"plans",
       {{{"source", "edge"},
         {"latency_ms", 1.0},
         {"stages",
          {{{"host", "edge"},
            {"tier", "edge"},
            {"first_layer", 0},
            {"last_layer", 1},
            {"compute_ms", 1.0},
            {"measured_as_one", true}},
           {{"host", "cloud"},
            {"tier", "cloud"},
            {"first_layer", 2},
            {"last_layer", 2},
            {"compute_ms", 1.0},
            {"measured_as_one", true}}}},
         {"hops", {{{"from", "edge"}, {"to", "cloud"}, {"bytes", 65536}, {"time_ms", 1.0}}}}}}}};
  request.set_plans_json(plans.dump());
  request.set_profile_json(result.profile_json);
  const auto measured = client.Benchmark(request, nullptr);
  const auto has_segment = [](const nlohmann::json& of) {
    const auto& ranges = of["models"][0]["ranges"];
    return std::any_of(ranges.begin(), ranges.end(), [](const nlohmann::json& range) {
      return range["first_layer"] == 0 && range["last_layer"] == 1;
    });
  };
  EXPECT_FALSE(has_segment(profile));
  EXPECT_TRUE(has_segment(nlohmann::json::parse(measured.profile_json)));

  request.set_model_name("other");
  EXPECT_THAT(testing::ErrorOf([&] { client.Benchmark(request, nullptr); }), HasSubstr("chain"));
}

TEST_F(Control, ASegmentIsServedFromItsBlobAndHealsAfterARestart) {
  WriteChain(folder_.path() / "chain.onnx");
  StartWorker("edge");
  v1::LoadRequest load;
  load.set_name("chain");
  {
    ControlClient client = Client("edge");
    load.mutable_segment()->set_model_sha256(client.PushBlob(folder_.path() / "chain.onnx"));
    client.Load(load, Seconds(60));
    const v1::StatusReply status = client.Status(Seconds(20));
    ASSERT_EQ(status.stages_size(), 1);
    EXPECT_EQ(status.stages(0).name(), "chain");
  }
  worker("edge").Signal(SIGKILL);
  worker("edge").Wait();
  StartWorker("edge");
  ControlClient client = Client("edge");
  EXPECT_EQ(client.Status(Seconds(20)).stages_size(), 0);
  client.Load(load, Seconds(60));  // the blob is still there
  EXPECT_EQ(client.Status(Seconds(20)).stages_size(), 1);
  EXPECT_EQ(std::distance(fs::directory_iterator(Path("edge-cache/workers")), {}), 1);
}

TEST_F(Control, ABrokenModelIsRefusedInOneLine) {
  WriteFileAtomically(folder_.path() / "broken.onnx", "no model at all");
  StartWorker("edge");
  ControlClient client = Client("edge");
  v1::LoadRequest load;
  load.set_name("broken");
  load.mutable_segment()->set_model_sha256(client.PushBlob(folder_.path() / "broken.onnx"));
  const std::string error = testing::ErrorOf([&] { client.Load(load, Seconds(60)); });
  EXPECT_THAT(error, StartsWith("edge (" + AddressOf("edge") + "): "));
  EXPECT_THAT(error, Not(HasSubstr("\n")));
  EXPECT_EQ(client.Status(Seconds(20)).stages_size(), 0);
}

}  // namespace
}  // namespace scission::testing
