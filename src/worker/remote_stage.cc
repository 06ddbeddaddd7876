#include "worker/remote_stage.h"

#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "worker/status.h"

namespace scission {
namespace {

std::vector<OutgoingTensor> TensorsOf(const TensorMessage& message) {
  std::vector<OutgoingTensor> tensors;
  for (const WireTensor& tensor : message.tensors) {
    tensors.push_back({tensor.spec, tensor.codec, message.Contents(tensor)});
  }
  return tensors;
}

/// What is wrong with it is no fault of the caller's.
TensorMessage AnswerIn(const grpc::ByteBuffer& answer) {
  try {
    return TensorMessage::ParseResponse(answer);
  } catch (const InputError& error) {
    throw std::runtime_error(std::string("the server's answer: ") + error.what());
  }
}

}  // namespace

void RemoteStage::Infer(std::shared_ptr<InferCall> call) {
  if (is_closed_) {
    call->Fail({grpc::StatusCode::UNAVAILABLE, "the stage is being unloaded"});
    return;
  }
  try {
    auto tensors = TensorsOf(call->message());
    if (server_ == nullptr) {
      handover_.Pass(call, std::move(tensors));
      return;
    }
    for (OutgoingTensor& tensor : tensors) tensor = Unpacked(std::move(tensor));
    const auto then = [handover = handover_](const std::shared_ptr<InferCall>& of,
                                             const grpc::ByteBuffer& answer,
                                             const std::vector<StageTiming>&) {
      try {
        // What another server takes is, from here, the time of this stage's work.
        of->timing.compute = std::exchange(of->timing.next, Seconds(0));
        of->timing.sent = of->timing.replied = Bytes{};
        handover.Pass(of, TensorsOf(AnswerIn(answer)));
      } catch (...) {
        of->Fail(CurrentStatus());
      }
    };
    server_->Send(call, tensors, /*requested=*/{}, then);
  } catch (...) {
    call->Fail(CurrentStatus());
  }
}

}  // namespace scission
