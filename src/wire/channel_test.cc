#include "wire/channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/file.h"
#include "base/testing/error_of.h"
#include "certs/certificate.h"
#include "scission.grpc.pb.h"
#include "wire/diagnosis.h"
#include "wire/status_text.h"

namespace scission {
namespace {

using std::chrono::hours;
using ::testing::EndsWith;
using testing::ErrorOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using enum grpc::StatusCode;

/// Takes blobs without looking at them.
class TestService : public v1::Worker::Service {
 public:
  grpc::Status FindBlob(grpc::ServerContext* /*context*/, const v1::FindBlobRequest* request,
                        v1::FindBlobReply* reply) override {
    reply->set_bytes(static_cast<std::int64_t>(request->sha256().size()));
    return grpc::Status::OK;
  }
};

class TestServer {
 public:
  explicit TestServer(const Security& security = {}, int max_message_bytes = 1 << 20) {
    grpc::ServerBuilder builder;
    Configure(builder, max_message_bytes);
    builder.AddListeningPort("127.0.0.1:0", ServerCredentialsOf(security), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }
  ~TestServer() { server_->Shutdown(std::chrono::system_clock::now()); }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  TestService service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

/// The status of a call with a message of `bytes` bytes beyond its head.
grpc::Status Call(const std::string& address, const ChannelOptions& options,
                  std::size_t bytes = 0) {
  const auto stub = v1::Worker::NewStub(OpenChannel(address, options));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  v1::FindBlobRequest request;
  request.set_sha256(std::string(bytes, 'x'));
  v1::FindBlobReply reply;
  const grpc::Status status = stub->FindBlob(&context, request, &reply);
  EXPECT_EQ(reply.bytes(), status.ok() ? bytes : 0);
  return status;
}

/// What a user reads.
std::string Told(const std::string& address, const Security& security) {
  const grpc::Status status = Call(address, {.security = security});
  return status.ok() ? "OK" : TextOf(Diagnosed(status, address, security));
}

/// The head of a message with more than 16 KiB of text: a tag and a length of three bytes.
constexpr std::size_t kHead = 4;

TEST(Channel, TakesMessagesUpToTheLimitExactly) {
  constexpr int kLimit = 100'000;
  const TestServer server({}, kLimit);
  const ChannelOptions generous{.max_message_bytes = 2 * kLimit};
  EXPECT_TRUE(Call(server.address(), generous, kLimit - kHead - 1).ok());
  EXPECT_TRUE(Call(server.address(), generous, kLimit - kHead).ok());
  EXPECT_EQ(Call(server.address(), generous, kLimit - kHead + 1).error_code(), RESOURCE_EXHAUSTED);

  const ChannelOptions tight{.max_message_bytes = kLimit / 2};
  EXPECT_TRUE(Call(server.address(), tight, kLimit / 2 - kHead).ok());
  EXPECT_EQ(Call(server.address(), tight, kLimit / 2 - kHead + 1).error_code(), RESOURCE_EXHAUSTED);
}

TEST(Channel, AServerSharesItsPortWithNobody) {
  const TestServer server;
  TestService service;
  grpc::ServerBuilder builder;
  Configure(builder, 1 << 20);
  int port = 0;
  builder.AddListeningPort(server.address(), ServerCredentialsOf({}), &port);
  builder.RegisterService(&service);
  EXPECT_EQ(builder.BuildAndStart(), nullptr);
}

TEST(Channel, NobodyThereIsOneClearLine) {
  std::string address;
  {
    const TestServer server;
    address = server.address();
  }
  EXPECT_EQ(Told(address, {}), "connection refused; does its worker run?");
  EXPECT_EQ(Told("no-such-host.invalid:7001", {}), "its address is not known");
}

TEST(RequireOk, TellsWhatTheUserCanMend) {
  RequireOk("edge1", "10.0.0.2:7001", grpc::Status::OK);
  for (const auto code : {INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION}) {
    EXPECT_EQ(ErrorOf([&] {
                RequireOk("edge1", "10.0.0.2:7001", {code, "no such stage"});
              }),
              "edge1 (10.0.0.2:7001): no such stage");
  }
  try {
    RequireOk("edge1", "10.0.0.2:7001", {UNAVAILABLE, "Socket closed\n"});
    FAIL();
  } catch (const RemoteError& error) {
    EXPECT_STREQ(error.what(), "edge1 (10.0.0.2:7001): the connection broke off");
    EXPECT_EQ(error.host(), "edge1");
    EXPECT_EQ(error.code(), UNAVAILABLE);
  }
}

/// Two authorities, each with a host's certificate.
class TlsTest : public ::testing::Test {
 protected:
  TlsTest() {
    Write("ca.crt", authority_.certificate);
    Write("other-ca.crt", other_.certificate);
    WriteHost("good", authority_, ValidFor(hours(24)), {"127.0.0.1", "localhost"});
    WriteHost("other", other_, ValidFor(hours(24)), {"127.0.0.1", "localhost"});
  }

  void WriteHost(const std::string& name, const PemPair& authority, const Validity& validity,
                 const std::vector<std::string>& names) {
    const PemPair host = MakeCertificate(
        authority, {.name = name, .alternative_names = names, .validity = validity});
    Write(name + ".crt", host.certificate);
    Write(name + ".key", host.key);
  }
  void Write(const std::string& name, const std::string& text) {
    WriteFileAtomically(folder_.path() / name, text);
  }
  std::string Path(const std::string& name) const { return (folder_.path() / name).string(); }
  Security Of(const std::string& name, const std::string& authority = "ca.crt") const {
    return {Path(name + ".crt"), Path(name + ".key"), Path(authority)};
  }

  TemporaryFolder folder_;
  PemPair authority_ = MakeAuthority(ValidFor(hours(48)));
  PemPair other_ = MakeAuthority(ValidFor(hours(48)));
};

TEST_F(TlsTest, ConnectsWhereBothTrustEachOther) {
  const TestServer server(Of("good"));
  EXPECT_EQ(Told(server.address(), Of("good")), "OK");
  EXPECT_EQ(DiagnoseConnection(server.address(), Of("good")), "");
  const std::string port = server.address().substr(server.address().find(':'));
  EXPECT_EQ(Told("localhost" + port, Of("good")), "OK");
}

TEST_F(TlsTest, AServerOfAnotherAuthorityIsNamed) {
  const TestServer server(Of("other", "other-ca.crt"));
  EXPECT_THAT(Told(server.address(), Of("good")),
              StartsWith("its certificate is not signed by " + Path("ca.crt") + " ("));
}

TEST_F(TlsTest, AClientOfAnotherAuthorityIsNamed) {
  const TestServer server(Of("good"));
  EXPECT_EQ(Told(server.address(), Of("other", "ca.crt")),
            "refuses our certificate " + Path("other.crt") + "; does it know its CA?");
}

TEST_F(TlsTest, AClientWithoutACertificateIsRefused) {
  const TestServer server(Of("good"));
  const auto credentials = grpc::SslCredentials({.pem_root_certs = authority_.certificate});
  const auto stub = v1::Worker::NewStub(grpc::CreateChannel(server.address(), credentials));
  grpc::ClientContext context;
  v1::FindBlobReply reply;
  EXPECT_EQ(stub->FindBlob(&context, {}, &reply).error_code(), UNAVAILABLE);
}

TEST_F(TlsTest, AnExpiredCertificateIsNamed) {
  const Time now = std::chrono::system_clock::now();
  WriteHost("old", authority_, {now - hours(48), now - hours(1)}, {"127.0.0.1"});
  {
    const TestServer server(Of("old"));
    EXPECT_EQ(Told(server.address(), Of("good")), "its certificate has expired");
  }
  const TestServer server(Of("good"));
  EXPECT_EQ(Told(server.address(), Of("old")), "refuses our certificate " + Path("old.crt") +
                                                   ", expired on " + DateOf(now - hours(1)));
}

TEST_F(TlsTest, ACertificateForAnotherAddressIsNamed) {
  WriteHost("far", authority_, ValidFor(hours(24)), {"10.0.0.2"});
  const TestServer server(Of("far"));
  EXPECT_EQ(Told(server.address(), Of("good")),
            "its certificate is not for 127.0.0.1; make one with 'scission certs --renew "
            "NAME=127.0.0.1'");
}

TEST_F(TlsTest, PlaintextToATlsPortIsNamed) {
  const TestServer server(Of("good"));
  EXPECT_EQ(Told(server.address(), {}), "demands TLS: give --tls-cert, --tls-key and --tls-ca");
}

TEST_F(TlsTest, TlsToAPlaintextPortIsNamed) {
  const TestServer server;
  EXPECT_EQ(Told(server.address(), Of("good")),
            "speaks no TLS; was its worker started without --tls-cert?");
}

}  // namespace
}  // namespace scission
