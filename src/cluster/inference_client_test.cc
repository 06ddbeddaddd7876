// What a host answers is from another machine: whatever it is, it is the host's fault.
#include "cluster/inference_client.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "wire/channel.h"
#include "wire/tensor_message.h"

namespace scission {
namespace {

using ::testing::HasSubstr;

/// Answers every call with the same bytes.
class Answering : public grpc::CallbackGenericService {
 public:
  explicit Answering(grpc::ByteBuffer answer) : answer_(std::move(answer)) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  class Call : public grpc::ServerGenericBidiReactor {
   public:
    explicit Call(const grpc::ByteBuffer& answer) : answer_(answer) { StartRead(&request_); }
    void OnReadDone(bool) override { StartWriteAndFinish(&answer_, {}, grpc::Status::OK); }
    void OnDone() override { delete this; }

   private:
    grpc::ByteBuffer request_;
    grpc::ByteBuffer answer_;
  };

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    return new Call(answer_);
  }

  grpc::ByteBuffer answer_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

grpc::ByteBuffer Bytes(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

InferenceAnswer Ask(const Answering& host) {
  InferenceClient client("pi", host.address(), {});
  return client.Infer(InferenceRequest("m", TensorMap()), Seconds(10));
}

RequestError ErrorOf(const grpc::ByteBuffer& answer) {
  const Answering host(answer);
  try {
    Ask(host);
  } catch (const RequestError& error) {
    return error;
  }
  return {FailureKind::kBusy, "", "no error"};
}

TEST(InferenceClient, TakesAnAnswerApart) {
  const TensorSpec spec{"y", ElementType::kUint8, {2}};
  const Answering host(MakeResponse("m", "", {{spec, Codec::kNone, {grpc::Slice("ab")}}}));
  const InferenceAnswer answer = Ask(host);
  ASSERT_EQ(answer.outputs.count("y"), 1u);
  EXPECT_EQ(answer.outputs.at("y").data, "ab");
  EXPECT_TRUE(answer.timings.empty());
}

TEST(InferenceClient, AMalformedAnswerIsTheHostsFault) {
  const TensorSpec spec{"y", ElementType::kUint8, {2}};
  const OutgoingTensor short_one{spec, Codec::kNone, {grpc::Slice("a")}};
  const OutgoingTensor packed{spec, Codec::kZstd, {grpc::Slice("ab")}};
  for (const auto& answer : {Bytes("\xFF\xFF\xFF"), MakeResponse("m", "", {short_one}),
                             MakeResponse("m", "", {packed})}) {
    const RequestError error = ErrorOf(answer);
    EXPECT_EQ(error.kind(), FailureKind::kOther);
    EXPECT_EQ(error.host(), "pi");
    EXPECT_THAT(error.what(), HasSubstr("pi (127.0.0.1:"));
    EXPECT_THAT(error.what(), HasSubstr("its answer is malformed: "));
  }
}

}  // namespace
}  // namespace scission
