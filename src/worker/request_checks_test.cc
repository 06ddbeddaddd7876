#include "worker/request_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"

namespace scission {
namespace {

using testing::ErrorOf;
using ::testing::HasSubstr;

v1::LoadRequest GoodLoad() {
  v1::LoadRequest request;
  request.set_name("net.1");
  request.mutable_segment()->set_model_sha256(std::string(64, 'a'));
  request.mutable_next()->set_address("127.0.0.1:7002");
  request.mutable_next()->set_model("net.2");
  return request;
}

/// What is said of a good request after `change`.
template <typename Change>
std::string ErrorAfter(const Change& change, const Security& security = {}) {
  v1::LoadRequest request = GoodLoad();
  change(request);
  return ErrorOf([&] { Check(request, security); });
}

TEST(CheckLoad, TakesGoodRequests) {
  EXPECT_EQ(ErrorAfter([](v1::LoadRequest&) {}), "no error");
  EXPECT_EQ(ErrorAfter([](v1::LoadRequest& request) { request.clear_next(); }), "no error");
  EXPECT_EQ(ErrorAfter([](v1::LoadRequest& request) { request.mutable_relay(); }), "no error");
}

TEST(CheckLoad, RefusesWhatMakesNoSense) {
  EXPECT_THAT(ErrorAfter([](auto& request) { request.set_name(""); }), HasSubstr("name: ''"));
  EXPECT_THAT(ErrorAfter([](auto& request) { request.set_name("../x"); }), HasSubstr("'../x'"));
  EXPECT_EQ(ErrorAfter([](auto& request) { request.set_name("scission.probe"); }),
            "scission.probe: names that begin with 'scission.' are the worker's own");
  EXPECT_EQ(ErrorAfter([](auto& request) { request.clear_segment(); }),
            "net.1: has no work: a segment, a remote model or a relay");
  EXPECT_EQ(ErrorAfter([](auto& request) { request.mutable_segment()->clear_model_sha256(); }),
            "net.1: its segment has no model");
  EXPECT_EQ(ErrorAfter([](auto& request) { request.mutable_segment()->set_threads(-1); }),
            "threads: must be 0 to 4096, not -1");
  EXPECT_EQ(ErrorAfter([](auto& request) { request.set_queue_limit(-1); }),
            "queue_limit: must be 0 to 1000000, not -1");
  EXPECT_EQ(ErrorAfter([](auto& request) {
              request.mutable_relay();
              request.clear_next();
            }),
            "net.1: is a relay without a next stage");
  EXPECT_EQ(ErrorAfter([](auto& request) { request.mutable_next()->clear_model(); }),
            "next: has no name of a model");
  EXPECT_EQ(ErrorAfter([](auto& request) { request.mutable_remote()->set_address("x"); }),
            "remote: 'x' is not HOST:PORT");
}

TEST(CheckLoad, SendsNothingBeyondThisMachineInPlaintext) {
  const auto beyond = [](auto& request) { request.mutable_next()->set_address("10.0.0.2:7001"); };
  EXPECT_THAT(ErrorAfter(beyond), HasSubstr("next: 10.0.0.2:7001 is beyond this machine"));
  EXPECT_EQ(ErrorAfter(beyond, {.allows_plaintext = true}), "no error");
  EXPECT_EQ(ErrorAfter(beyond, {.certificate = "a.crt"}), "no error");
}

TEST(CheckDataName, IsAFileBesideTheModel) {
  const auto error_of = [](const std::string& name, const std::string& sha256) {
    return ErrorOf([&] { CheckDataName(name, sha256, "model.onnx"); });
  };
  EXPECT_EQ(error_of("", ""), "no error");
  EXPECT_EQ(error_of("weights.bin", "x"), "no error");
  EXPECT_EQ(error_of("weights.bin", ""), "data_name: and data_sha256 go together");
  EXPECT_EQ(error_of("", "x"), "data_name: and data_sha256 go together");
  EXPECT_EQ(error_of("model.onnx", "x"), "data_name: is that of the model itself");
  for (const char* name : {"../x", "/etc/passwd", "a/b", ".x", "-x", "a\nb"}) {
    EXPECT_THAT(error_of(name, "x"), HasSubstr("must be 1 to 200 bytes")) << name;
  }
}

TEST(CheckProbeLink, BoundsWhatIsAskedFor) {
  const auto error_of = [](const std::string& address, int rounds, std::int64_t size) {
    v1::ProbeLinkRequest request;
    request.set_address(address);
    request.set_rounds(rounds);
    request.add_sizes(size);
    return ErrorOf([&] { Check(request, {}, 1 << 20); });
  };
  EXPECT_EQ(error_of("127.0.0.1:7001", 3, 1000), "no error");
  EXPECT_EQ(error_of("127.0.0.1:7001", 0, 1000), "rounds: must be 1 to 10000, not 0");
  EXPECT_EQ(error_of("127.0.0.1:7001", 3, 1 << 20), "size: must be 0 to 1047552, not 1048576");
  EXPECT_EQ(error_of("127.0.0.1:7001", 3, -1), "size: must be 0 to 1047552, not -1");
  EXPECT_THAT(error_of("10.0.0.2:7001", 3, 1), HasSubstr("address: 10.0.0.2:7001 is beyond"));
  EXPECT_EQ(ErrorOf([] {
              v1::ProbeLinkRequest request;
              request.set_address("127.0.0.1:7001");
              request.set_rounds(1);
              Check(request, {}, 1 << 20);
            }),
            "the number of sizes: must be 1 to 1000, not 0");
}

}  // namespace
}  // namespace scission
