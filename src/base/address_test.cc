#include "base/address.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

/// "HOST PORT", or "none".
std::string Parsed(const std::string& text) {
  const auto address = ParseAddress(text);
  return address ? address->host + " " + std::to_string(address->port) : "none";
}

TEST(ParseAddress, ReadsNamesAndIpAddresses) {
  EXPECT_EQ(Parsed("127.0.0.1:7001"), "127.0.0.1 7001");
  EXPECT_EQ(Parsed("edge-1.lab.example:65535"), "edge-1.lab.example 65535");
  EXPECT_EQ(Parsed("localhost:0"), "localhost 0");
  EXPECT_EQ(Parsed("[::1]:7001"), "::1 7001");
  EXPECT_EQ(Parsed("[fe80::2]:1"), "fe80::2 1");
}

TEST(ParseAddress, TakesNothingElse) {
  for (const char* text : {"",
                           ":",
                           ":7001",
                           "edge1",
                           "edge1:",
                           "edge1:65536",
                           "edge1:-1",
                           "edge1:+1",
                           "edge1: 1",
                           "::1:7001",
                           "[::1]",
                           "[edge1]:1",
                           "[]:1",
                           "a b:1",
                           "unix:/tmp/x",
                           "-edge:1",
                           "edge..lab:1",
                           "*:1",
                           "dns:///edge1:1",
                           "edge1:99999999999999999999"}) {
    EXPECT_EQ(Parsed(text), "none") << text;
  }
}

TEST(IsLoopbackHost, KnowsWhatOthersCannotReach) {
  for (const char* host : {"127.0.0.1", "127.3.2.1", "::1", "localhost", "LocalHost"}) {
    EXPECT_TRUE(IsLoopbackHost(host)) << host;
  }
  for (const char* host : {"0.0.0.0", "::", "128.0.0.1", "10.0.0.1", "127.0.0.1.example",
                           "localhost.example", "edge1", ""}) {
    EXPECT_FALSE(IsLoopbackHost(host)) << host;
  }
}

TEST(IsDnsName, IsStrict) {
  EXPECT_TRUE(IsDnsName("a"));
  EXPECT_TRUE(IsDnsName("Edge-1.lab"));
  EXPECT_TRUE(IsDnsName(std::string(63, 'a')));
  for (const std::string& name :
       {std::string(""), std::string("a_b"), std::string("a."), std::string(".a"),
        std::string("a-"), std::string("*.a"), std::string(64, 'a'), std::string("a,DNS:b")}) {
    EXPECT_FALSE(IsDnsName(name)) << name;
  }
}

}  // namespace
}  // namespace scission
