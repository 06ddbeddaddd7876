// What becomes of requests when hosts, processes and connections fail: nothing hangs, no answer is
// wrong, and the message says which host and why.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "certs/certificate.h"
#include "pipeline_fixture.h"
#include "wire/channel.h"
#include "wire/tensor_message.h"

namespace scission::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

/// A port that accepts connections, or only lets them wait, and never says a word.
class SilentPort {
 public:
  SilentPort() : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
    listen(descriptor_, 16);
    socklen_t size = sizeof(address);
    getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~SilentPort() { close(descriptor_); }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int descriptor_;
  int port_ = 0;
};

class Faults : public PipelineFixture {
 protected:
  void SetUp() override { StartAll(); }

  /// A run that goes on until something ends it, with a second plan that spares the edge.
  std::unique_ptr<BackgroundProcess> BeginLongRun() {
    WritePlans({{"device", "edge", "cloud"}, {"device", "cloud"}});
    return BeginRun({"-r", "60", "--rate", "25", "--arrivals", "fixed", "--timeout", "5"});
  }

  /// Returns when the run has begun to send its requests, which takes some two seconds.
  static void WaitForRequests(const BackgroundProcess& run) {
    run.WaitFor("device: loading");
    usleep(700'000);
  }

  /// All of its requests were answered rightly, though the edge was lost.
  static void ExpectWentOnWithoutTheEdge(BackgroundProcess& run) {
    ASSERT_EQ(run.Wait(std::chrono::seconds(60)), 0) << run.Error();
    const Json report = Json::parse(run.Output());
    EXPECT_EQ(report["requests"], 60);
    EXPECT_EQ(report["wrong"], 0);
    ASSERT_EQ(report["losses"].size(), 1u) << report["losses"];
    EXPECT_EQ(report["losses"][0]["host"], "edge");
    EXPECT_THAT(run.Error(), HasSubstr("edge"));
  }
};

TEST_F(Faults, AWorkerThatIsKilledBeforeTheRunIsNamed) {
  WritePlans({{"device", "edge", "cloud"}});
  worker("edge").Signal(SIGKILL);
  worker("edge").Wait();
  const auto result = Run({"--timeout", "5"});
  EXPECT_EQ(result.exit_code, 3) << result.standard_error;
  EXPECT_THAT(result.standard_error, HasSubstr("edge"));
  EXPECT_THAT(result.standard_error, HasSubstr("refused"));
}

TEST_F(Faults, AWorkerThatIsKilledWhileItLoadsIsReplaced) {
  const auto run = BeginLongRun();
  run->WaitFor("edge: loading");
  worker("edge").Signal(SIGKILL);
  ExpectWentOnWithoutTheEdge(*run);
}

TEST_F(Faults, AWorkerThatIsKilledInTheMiddleOfRequestsIsReplaced) {
  const auto run = BeginLongRun();
  WaitForRequests(*run);
  worker("edge").Signal(SIGKILL);
  ExpectWentOnWithoutTheEdge(*run);
}

TEST_F(Faults, AWorkerThatStallsIsGivenUpAtTheDeadline) {
  const auto run = BeginLongRun();
  WaitForRequests(*run);
  worker("edge").Signal(SIGSTOP);
  const auto begin = Clock::now();
  ExpectWentOnWithoutTheEdge(*run);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(40));
}

TEST_F(Faults, AWorkerThatIsToldToStopEndsWhatItHas) {
  const auto run = BeginLongRun();
  WaitForRequests(*run);
  worker("edge").Signal(SIGTERM);
  EXPECT_EQ(worker("edge").Wait(), 0) << worker("edge").Error();
  EXPECT_THAT(worker("edge").Error(), HasSubstr("broken_off=0"));
  ExpectWentOnWithoutTheEdge(*run);
}

TEST_F(Faults, AWorkerThatWasStartedAnewGetsItsStagesAgain) {
  WritePlans({{"device", "edge", "cloud"}});
  const auto run = BeginRun({"-r", "60", "--rate", "25", "--arrivals", "fixed"});
  WaitForRequests(*run);
  worker("edge").Signal(SIGKILL);
  worker("edge").Wait();
  StartWorker("edge");
  ASSERT_EQ(run->Wait(std::chrono::seconds(60)), 0) << run->Error();
  const Json report = Json::parse(run->Output());
  EXPECT_EQ(report["requests"], 60);
  EXPECT_EQ(report["wrong"], 0);
}

TEST_F(Faults, AModelThatCrashesBringsDownNeitherTheWorkerNorOtherRequests) {
  const auto run = BeginLongRun();
  WaitForRequests(*run);
  const auto children = ChildrenOf(worker("edge").id());
  ASSERT_FALSE(children.empty());
  kill(children.back(), SIGSEGV);
  ASSERT_EQ(run->Wait(std::chrono::seconds(60)), 0) << run->Error();
  const Json report = Json::parse(run->Output());
  EXPECT_EQ(report["requests"], 60);
  EXPECT_EQ(report["wrong"], 0);
  EXPECT_TRUE(report["losses"].empty()) << report["losses"];
  EXPECT_NE(ChildrenOf(worker("edge").id()), children);  // it was started again
  EXPECT_TRUE(worker("edge").IsRunning());
  EXPECT_EQ(Run({"-r", "3"}).exit_code, 0);
}

TEST_F(Faults, APortThatNeverAnswersDoesNotHangTheRun) {
  const SilentPort silent;
  addresses_["edge"] = silent.address();
  WriteHosts();
  WritePlans({{"device", "edge", "cloud"}, {"device", "cloud"}});
  const auto begin = Clock::now();
  const auto result = Run({"-r", "5", "--timeout", "3", "--load-timeout", "5"});
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(60));
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(ReportOf(result)["losses"][0]["host"], "edge");
}

TEST_F(Faults, AThousandIdleConnectionsDoNotKeepARequestFromItsAnswer) {
  WritePlans({{"device", "edge", "cloud"}});
  std::vector<int> connections;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  const std::string& edge = AddressOf("edge");
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(edge.substr(edge.find(':') + 1))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int i = 0; i < 1000; ++i) {
    connections.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(connect(connections.back(), reinterpret_cast<sockaddr*>(&address), sizeof(address)),
              0)
        << i;
  }
  const auto result = Run({"-r", "5"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  for (const int connection : connections) close(connection);
}

/// Workers with certificates, and plans with the edge and without.
class TlsFaults : public PipelineFixture {
 protected:
  void SetUp() override {
    MakeCerts("certs");
    WritePlans({{"device", "edge", "cloud"}, {"device", "cloud"}});
    StartWithTls("device", "certs");
    StartWithTls("cloud", "certs");
  }

  void MakeCerts(const std::string& folder) const {
    const auto made =
        Scission({"certs", "-o", folder, "device=127.0.0.1", "edge=127.0.0.1", "cloud=127.0.0.1"});
    ASSERT_EQ(made.exit_code, 0) << made.standard_error;
  }

  void StartWithTls(const std::string& name, const std::string& folder) {
    StartWorker(name, TlsOptions(name, folder));
  }

  /// The run names the edge with `reason`, and goes on without it.
  void ExpectLossOfTheEdge(const std::string& reason) {
    WriteHosts();
    std::vector<std::string> options = TlsOptions("coordinator", "certs");
    options.insert(options.end(), {"-r", "5"});
    const auto result = Run(options);
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    const Json report = ReportOf(result);
    EXPECT_EQ(report["requests"], 5);
    EXPECT_EQ(report["wrong"], 0);
    ASSERT_EQ(report["losses"].size(), 1u) << report["losses"];
    EXPECT_EQ(report["losses"][0]["host"], "edge");
    EXPECT_THAT(report["losses"][0]["reason"].get<std::string>(), HasSubstr(reason));
  }
};

TEST_F(TlsFaults, AWorkerOfAnotherCaIsNamedAndDoneWithout) {
  MakeCerts("other");
  StartWithTls("edge", "other");
  ExpectLossOfTheEdge("its certificate is not signed by " + Path("certs/ca.crt"));
}

TEST_F(TlsFaults, AWorkerWhoseCertificateExpiresWhileItRunsIsNamedAndDoneWithout) {
  const PemPair authority{ReadFile(Path("certs/ca.crt")), ReadFile(Path("certs/ca.key"))};
  const auto now = std::chrono::system_clock::now();
  const auto end = now + std::chrono::seconds(12);
  const PemPair brief =
      MakeCertificate(authority, {.name = "edge",
                                  .alternative_names = {"edge", "127.0.0.1"},
                                  .validity = {now - std::chrono::hours(1), end}});
  WriteFileAtomically(Path("certs/edge.crt"), brief.certificate);
  WriteFileAtomically(Path("certs/edge.key"), brief.key);
  StartWithTls("edge", "certs");
  std::this_thread::sleep_until(end + std::chrono::seconds(1));
  ExpectLossOfTheEdge("its certificate has expired");
}

class MessageLimit : public ClusterFixture {
 protected:
  /// A request of exactly `size` bytes, for the probe that counts them.
  static grpc::ByteBuffer RequestOf(std::size_t size) {
    const std::string data(size, 'x');
    std::size_t bytes = size - 100;
    while (true) {
      const OutgoingTensor tensor{{"data", ElementType::kUint8, {static_cast<std::int64_t>(bytes)}},
                                  Codec::kNone,
                                  {grpc::Slice(data.data(), bytes)}};
      grpc::ByteBuffer request = MakeRequest("scission.probe", "", {tensor});
      if (request.Length() == size) return request;
      bytes += size - request.Length();
    }
  }

  grpc::StatusCode Send(std::size_t size) {
    grpc::GenericStub stub(OpenChannel(AddressOf("edge"), {.max_message_bytes = 8 << 20}));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    grpc::CompletionQueue queue;
    grpc::ByteBuffer answer;
    grpc::Status status;
    const auto call = stub.PrepareUnaryCall(&context, kInferMethod, RequestOf(size), &queue);
    call->StartCall();
    call->Finish(&answer, &status, nullptr);
    void* tag = nullptr;
    bool is_done = false;
    queue.Next(&tag, &is_done);
    return status.error_code();
  }
};

TEST_F(MessageLimit, IsTheLargestMessageThatIsTaken) {
  StartWorker("edge", {"--max-message", "2"});
  constexpr std::size_t kLimit = 2 << 20;
  EXPECT_EQ(RequestOf(kLimit).Length(), kLimit);
  EXPECT_EQ(Send(kLimit - 1), grpc::StatusCode::OK);
  EXPECT_EQ(Send(kLimit), grpc::StatusCode::OK);
  EXPECT_EQ(Send(kLimit + 1), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Send(kLimit), grpc::StatusCode::OK);
}

}  // namespace
}  // namespace scission::testing
