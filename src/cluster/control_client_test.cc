// The control plane, both ends over a real connection.
#include "cluster/control_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "base/testing/error_of.h"
#include "certs/certificate.h"
#include "cluster/testing/control_fixture.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using testing::ControlFixture;
using ::testing::ElementsAre;
using testing::ErrorOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;
using testing::TestStages;
using testing::TestWorker;
using enum grpc::StatusCode;

class ControlTest : public ControlFixture {};

TEST_F(ControlTest, TellsWhatTheWorkerIs) {
  const v1::StatusReply status = client_.Status(Seconds(10));
  EXPECT_EQ(status.name(), "edge1");
  EXPECT_EQ(status.version(), "1.2.3");
  EXPECT_EQ(status.machine_id(), MachineId());
  EXPECT_THAT(status.machine_id(), MatchesRegex("[0-9a-f]{16}"));
  EXPECT_EQ(status.engine(), "engine 1");
  EXPECT_EQ(status.threads(), 2);
  EXPECT_EQ(status.memory_limit_bytes(), 5'000'000);
  EXPECT_EQ(status.protocol(), 1);
  EXPECT_FALSE(status.is_draining());
  ASSERT_EQ(status.stages_size(), 1);
  EXPECT_EQ(status.stages(0).requests(), 42);
}

TEST_F(ControlTest, CallersOfAnotherVersionAreRefused) {
  const auto call = [this](const char* version) {
    grpc::ClientContext context;
    if (version != nullptr) context.AddMetadata(kProtocolKey, version);
    v1::UnloadRequest request;
    request.set_name("none");
    v1::UnloadReply reply;
    return stub_->Unload(&context, request, &reply);
  };
  EXPECT_EQ(call("2").error_code(), FAILED_PRECONDITION);
  EXPECT_EQ(call("2").error_message(),
            "speaks version 1 of the control protocol, the caller version 2; install the same "
            "version of scission on all hosts");
  EXPECT_THAT(call(nullptr).error_message(), HasSubstr("the caller no version;"));
  EXPECT_EQ(call("1").error_code(), NOT_FOUND);
}

/// Speaks version 2.
class NewWorker : public v1::Worker::Service {
 public:
  grpc::Status Status(grpc::ServerContext* /*context*/, const v1::StatusRequest* /*request*/,
                      v1::StatusReply* reply) override {
    reply->set_protocol(2);
    return grpc::Status::OK;
  }
};

TEST_F(ControlTest, AWorkerOfAnotherVersionIsNamed) {
  NewWorker service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  const std::string address = "127.0.0.1:" + std::to_string(port);
  ControlClient client("edge2", address, {});
  EXPECT_EQ(ErrorOf([&] { client.Status(Seconds(10)); }),
            "edge2 (" + address +
                "): speaks version 2 of the control protocol, this program 1; install the same "
                "version of scission on all hosts");
}

TEST_F(ControlTest, LoadsAStageFromItsBlobs) {
  v1::LoadRequest request;
  request.set_name("net.1");
  request.mutable_segment()->set_model_sha256(client_.PushBlob(File("a", "model")));
  request.mutable_segment()->set_data_sha256(client_.PushBlob(File("b", "weights")));
  request.mutable_segment()->set_data_name("b.bin");
  EXPECT_GE(client_.Load(request, Seconds(20)).load_ms(), 0);
  TestStages& stages = worker_.stages();
  EXPECT_EQ(stages.loaded.SerializeAsString(), request.SerializeAsString());
  const Seconds left = stages.last_deadline - std::chrono::steady_clock::now();
  EXPECT_LT(left, Seconds(20.5));  // gRPC rounds up
  EXPECT_GT(left, Seconds(5));
  ASSERT_NE(stages.last_files, nullptr);
  EXPECT_EQ(ReadFile(stages.last_files->model), "model");
  const fs::path folder = stages.last_files->model.parent_path();
  EXPECT_EQ(ReadFile(folder / "b.bin"), "weights");
  EXPECT_EQ(fs::hard_link_count(folder / "b.bin"), 1);
  stages.last_files.reset();
  EXPECT_FALSE(fs::exists(folder));

  client_.Unload("net.1", Seconds(10));
  EXPECT_EQ(ErrorOf([&] { client_.Unload("net.1", Seconds(10)); }),
            Place() + "stage 'net.1': is not here");
}

TEST_F(ControlTest, LoadsWhatRunsNoSegment) {
  v1::LoadRequest request;
  request.set_name("net");
  request.mutable_relay();
  request.mutable_next()->set_address("127.0.0.1:1");
  request.mutable_next()->set_model("net.1");
  client_.Load(request, Seconds(10));
  EXPECT_TRUE(worker_.stages().loaded.has_relay());
  EXPECT_EQ(worker_.stages().last_files, nullptr);
}

TEST_F(ControlTest, SaysWhyAStageIsNotLoaded) {
  v1::LoadRequest request;
  request.set_name("net.1");
  request.mutable_segment()->set_model_sha256(std::string(64, 'a'));
  const auto load = [&] { client_.Load(request, Seconds(10)); };
  EXPECT_EQ(ErrorOf(load), Place() + "blob aaaaaaaaaaaa: is not here");
  request.mutable_segment()->set_model_sha256("x");
  EXPECT_THAT(ErrorOf(load), StartsWith(Place() + "'x': is no SHA-256"));

  request.mutable_segment()->set_model_sha256(client_.PushBlob(File("a", "model")));
  worker_.stages().on_load = [] { throw ExhaustedError("no memory is left"); };
  EXPECT_EQ(RemoteErrorOf(load), std::pair(RESOURCE_EXHAUSTED, Place() + "no memory is left"));
  worker_.stages().on_load = [] { throw std::runtime_error("strange\nthing"); };
  EXPECT_EQ(RemoteErrorOf(load), std::pair(INTERNAL, Place() + "strange thing"));
  worker_.stages().on_load = [] { throw ProcessTimeout("took too long"); };
  EXPECT_EQ(RemoteErrorOf(load), std::pair(DEADLINE_EXCEEDED, Place() + "took too long"));
}

TEST_F(ControlTest, WaitsNoLongerThanTheTimeout) {
  // The worker goes on when this function has returned.
  const auto may_end = std::make_shared<std::atomic<bool>>(false);
  worker_.stages().on_load = [may_end] {
    while (!*may_end) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  v1::LoadRequest request;
  request.set_name("net");
  request.mutable_remote()->set_address("127.0.0.1:1");
  request.mutable_remote()->set_model("m");
  EXPECT_EQ(RemoteErrorOf([&] { client_.Load(request, Milliseconds(200)); }),
            std::pair(DEADLINE_EXCEEDED, Place() + "did not answer in time"));
  *may_end = true;
}

v1::BenchmarkRequest SomeBenchmark() {
  v1::BenchmarkRequest request;
  request.set_tier("edge");
  request.set_built_in("vgg16");
  return request;
}

TEST_F(ControlTest, BenchmarksWithProgress) {
  Script("echo 'vgg16: measuring' >&2; echo '{}' > edge-edge1.json; exit 4");
  std::vector<std::string> lines;
  const auto result =
      client_.Benchmark(SomeBenchmark(), [&](const std::string& line) { lines.push_back(line); });
  EXPECT_EQ(result.profile_json, "{}\n");
  EXPECT_TRUE(result.is_unstable);
  EXPECT_THAT(lines, ElementsAre("vgg16: measuring"));
  EXPECT_TRUE(fs::is_empty(folder_.path() / "cache" / "benchmarks"));
  Script("echo 'scission: error: vgg16: bad' >&2; exit 2");
  EXPECT_EQ(ErrorOf([&] { client_.Benchmark(SomeBenchmark(), nullptr); }), Place() + "vgg16: bad");
}

TEST_F(ControlTest, ABenchmarkThatNobodyWantsAnyMoreIsInterrupted) {
  Script("trap 'touch ../../../stopped; exit 130' INT; echo now >&2; while :; do sleep 0.01; done");
  EXPECT_THROW(client_.Benchmark(SomeBenchmark(), [](const std::string&) { throw 1; }), int);
  bool is_stopped = false;
  for (int i = 0; i < 1000 && !is_stopped; ++i) {
    is_stopped = fs::exists(folder_.path() / "stopped");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(is_stopped);
}

TEST_F(ControlTest, TakesNothingNewWhileItDrains) {
  Script("trap 'exit 130' INT; echo now >&2; while :; do sleep 0.01; done");
  const std::pair ends(UNAVAILABLE, Place() + "this worker ends and takes nothing new");
  EXPECT_EQ(RemoteErrorOf([&] {
              client_.Benchmark(SomeBenchmark(),
                                [&](const std::string&) { worker_.service().StartDraining(); });
            }),
            ends);
  EXPECT_TRUE(client_.Status(Seconds(10)).is_draining());
  EXPECT_EQ(RemoteErrorOf([&] { client_.Load({}, Seconds(10)); }), ends);
  EXPECT_EQ(RemoteErrorOf([&] { client_.Benchmark(SomeBenchmark(), nullptr); }), ends);
  EXPECT_EQ(RemoteErrorOf([&] { client_.PushBlob(File("a", "model")); }), ends);
  EXPECT_EQ(ErrorOf([&] { client_.Unload("net.1", Seconds(10)); }),
            Place() + "stage 'net.1': is not here");
}

TEST_F(ControlTest, NamesBothHostsWhereALinkFails) {
  v1::ProbeLinkRequest request;
  request.set_host("cloud");
  request.set_address("127.0.0.1:1");
  request.set_rounds(1);
  request.add_sizes(1000);
  const auto probe = [&] { client_.ProbeLink(request, [](const v1::ProbeLinkEvent&) {}); };
  EXPECT_EQ(RemoteErrorOf(probe),
            std::pair(UNAVAILABLE, Place() + "cloud (127.0.0.1:1): connection refused; does its "
                                             "worker run?"));
  request.set_address("10.0.0.2:7001");
  EXPECT_THAT(ErrorOf(probe),
              StartsWith(Place() + "address: 10.0.0.2:7001 is beyond this machine"));
}

TEST_F(ControlTest, AWorkerThatIsNotThereIsNamed) {
  ControlClient client("edge9", "127.0.0.1:1", {});
  EXPECT_EQ(RemoteErrorOf([&] { client.Status(Seconds(10)); }),
            std::pair(UNAVAILABLE, std::string("edge9 (127.0.0.1:1): connection refused; does its "
                                               "worker run?")));
}

/// With TLS at both ends. wire/channel_test.cc has what can be wrong with it.
TEST(ControlTls, NamesTheHostAndWhatIsWrong) {
  const TemporaryFolder folder;
  const auto path = [&](const std::string& name) { return folder.path() / name; };
  const PemPair authority = MakeAuthority(ValidFor(std::chrono::hours(1)));
  const PemPair host = MakeCertificate(authority, {.name = "edge1",
                                                   .alternative_names = {"127.0.0.1"},
                                                   .validity = ValidFor(std::chrono::hours(1))});
  WriteFileAtomically(path("ca.crt"), authority.certificate);
  WriteFileAtomically(path("edge1.crt"), host.certificate);
  WriteFileAtomically(path("edge1.key"), host.key);
  const Security security{path("edge1.crt"), path("edge1.key"), path("ca.crt")};
  TestWorker worker(folder.path(), security);
  ControlClient with_tls("edge1", worker.address(), {.security = security});
  EXPECT_EQ(with_tls.Status(Seconds(10)).name(), "edge1");
  ControlClient without("edge1", worker.address(), {});
  try {
    without.Status(Seconds(10));
    FAIL();
  } catch (const RemoteError& error) {
    EXPECT_EQ(error.what(), "edge1 (" + worker.address() +
                                "): demands TLS: give --tls-cert, --tls-key and --tls-ca");
  }
}

}  // namespace
}  // namespace scission
