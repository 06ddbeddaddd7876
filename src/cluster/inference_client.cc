#include "cluster/inference_client.h"

#include <fmt/format.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "base/error.h"
#include "base/text.h"
#include "wire/channel.h"
#include "wire/tensor_message.h"

namespace scission {
namespace {

constexpr std::size_t kMaxText = 500;

OutgoingTensor Outgoing(TensorSpec spec, std::string_view contents) {
  return {std::move(spec), Codec::kNone, {grpc::Slice(contents.data(), contents.size())}};
}

/// As the protocol has a list of one text: its length, then its bytes.
std::string AsBytesElement(std::string_view text) {
  std::string element;
  for (int shift = 0; shift < 32; shift += 8) {
    element += static_cast<char>(text.size() >> shift & 0xFF);
  }
  return element.append(text);
}

FailureKind KindOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
      return FailureKind::kUnreachable;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return FailureKind::kTimeout;
    case grpc::StatusCode::NOT_FOUND:
      return FailureKind::kNotLoaded;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return FailureKind::kBusy;
    case grpc::StatusCode::INVALID_ARGUMENT:
      return FailureKind::kRefused;
    default:
      return FailureKind::kOther;
  }
}

TensorMap TensorsIn(const grpc::ByteBuffer& response) {
  const TensorMessage message = TensorMessage::ParseResponse(response);
  TensorMap tensors;
  for (const WireTensor& tensor : message.tensors) {
    TensorValue& value = tensors[tensor.spec.name];
    value.spec = tensor.spec;
    if (tensor.codec != Codec::kNone) {
      throw InputError("output '" + Printable(tensor.spec.name, 60) + "'", "came packed");
    }
    value.data.resize(tensor.bytes);
    message.Copy(tensor, value.data.data());
  }
  return tensors;
}

}  // namespace

struct InferenceRequest::State {
  grpc::ByteBuffer message;
};

InferenceRequest::InferenceRequest(const std::string& model, const TensorMap& inputs) {
  std::vector<OutgoingTensor> tensors;
  for (const auto& [name, value] : inputs) tensors.push_back(Outgoing(value.spec, value.data));
  state_ = std::make_shared<State>(State{MakeRequest(model, "", tensors)});
}

InferenceRequest::InferenceRequest(const std::string& model, const std::string& input,
                                   std::string_view image) {
  const TensorSpec spec{input, ElementType::kString, {1}};
  state_ = std::make_shared<State>(
      State{MakeRequest(model, "", {Outgoing(spec, AsBytesElement(image))})});
}

struct InferenceClient::State {
  explicit State(std::shared_ptr<grpc::Channel> channel) : stub(std::move(channel)) {}

  grpc::GenericStub stub;
};

InferenceClient::InferenceClient(std::string host, std::string address,
                                 const ChannelOptions& options)
    : host_(std::move(host)),
      address_(std::move(address)),
      state_(std::make_shared<State>(OpenChannel(address_, options))) {}

TensorMap InferenceClient::AnswerIn(const grpc::ByteBuffer& response) const {
  try {
    return TensorsIn(response);
  } catch (const InputError& error) {
    throw RequestError(
        FailureKind::kOther, host_,
        fmt::format("{} ({}): its answer is malformed: {}", host_, address_, error.what()));
  }
}

InferenceAnswer InferenceClient::Infer(const InferenceRequest& request, Seconds timeout,
                                       Computes computes) {
  grpc::ClientContext context;
  if (computes == Computes::kTwice) context.AddMetadata(kTwiceKey, "1");
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::duration_cast<std::chrono::system_clock::duration>(timeout));
  grpc::CompletionQueue queue;
  grpc::ByteBuffer response;
  grpc::Status status;
  const auto call =
      state_->stub.PrepareUnaryCall(&context, kInferMethod, request.state_->message, &queue);
  call->StartCall();
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool is_done = false;
  queue.Next(&tag, &is_done);
  if (status.ok()) return {AnswerIn(response), TimingsIn(context)};
  const auto failed = FailedHostIn(context);
  // Where nobody told it, the nearest host is at fault if it could not be reached.
  const bool is_near = status.error_code() == grpc::StatusCode::UNAVAILABLE;
  const std::string host = failed ? Printable(*failed, 100) : (is_near ? host_ : "");
  throw RequestError(KindOf(status.error_code()), host,
                     failed ? Printable(status.error_message(), kMaxText)
                            : RemoteError(host_, address_, status).what());
}

}  // namespace scission
