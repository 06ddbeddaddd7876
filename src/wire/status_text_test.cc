#include "wire/status_text.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

using enum grpc::StatusCode;

/// gRPC's own text, and what is made of it.
struct Case {
  const char* theirs;
  const char* ours;
};

constexpr Case kCases[] = {
    {"failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:7001: Failed to "
     "connect to remote host: Connection refused",
     "connection refused; does its worker run?"},
    {"failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:7001: Ssl handshake "
     "failed: SSL_ERROR_SSL: error:0A00010B:SSL routines::wrong version number",
     "speaks no TLS; was its worker started without --tls-cert?"},
    {"failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:7001: Ssl handshake "
     "failed: SSL_ERROR_SSL: error:0A000086:SSL routines::certificate verify failed",
     "its certificate is not trusted"},
    {"DNS resolution failed for edge1:7001: C-ares status is not ARES_SUCCESS",
     "its address is not known"},
    {"keepalive watchdog timeout", "no longer answers"},
    {"Socket closed", "the connection broke off"},
};

TEST(TextOf, PutsWhatIsAboutConnectionsPlainly) {
  for (const Case& one : kCases) {
    const grpc::Status status(UNAVAILABLE, one.theirs);
    EXPECT_EQ(TextOf(status), one.ours);
    EXPECT_TRUE(IsConnectionFailure(status)) << one.theirs;
  }
}

TEST(TextOf, LeavesWhatAWorkerSays) {
  const std::string text = "edge1: Socket closed is what the model is called";
  EXPECT_EQ(TextOf({INVALID_ARGUMENT, text}), text);
  EXPECT_FALSE(IsConnectionFailure({INVALID_ARGUMENT, text}));
  EXPECT_FALSE(IsConnectionFailure({UNAVAILABLE, "this worker ends and takes nothing new"}));
}

TEST(TextOf, LeavesItsOwnTextsWhereAWorkerPassesThemOn) {
  for (const Case& one : kCases) {
    const std::string passed_on = std::string("edge2 (10.0.0.3:7001): ") + one.ours;
    EXPECT_EQ(TextOf({UNAVAILABLE, passed_on}), passed_on);
  }
}

TEST(TextOf, SaysSomethingWhereGrpcSaysNothing) {
  EXPECT_EQ(TextOf({DEADLINE_EXCEEDED, "Deadline Exceeded"}), "did not answer in time");
  EXPECT_EQ(TextOf({UNIMPLEMENTED, ""}),
            "does not know this call; is its worker of another version?");
  EXPECT_EQ(TextOf({INTERNAL, ""}), "failed with gRPC status 13");
}

}  // namespace
}  // namespace scission
