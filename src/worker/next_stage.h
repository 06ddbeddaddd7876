// The way from a stage to the next one.
#pragma once

#include <grpcpp/generic/generic_stub.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "open_inference.pb.h"
#include "wire/channel.h"
#include "worker/infer_call.h"

namespace scission {

struct NextAddress {
  std::string host;  ///< for messages; empty: the address
  std::string address;
  std::string model;
  Codec codec = Codec::kNone;
};

class NextStage {
 public:
  /// Begins to connect. Throws InputError where the address is not one, or not safe
  /// (wire/security.h).
  NextStage(NextAddress next, const ChannelOptions& options);

  Codec codec() const { return next_.codec; }
  /// What the next stage, and those behind it, take and give. Throws RemoteError.
  inference::ModelMetadataResponse Metadata(Deadline deadline) const;
  /// Whether they take requests.
  bool IsReady(Deadline deadline) const;

  using OnAnswer = std::function<void(std::shared_ptr<InferCall> call, grpc::ByteBuffer answer,
                                      std::vector<StageTiming> later)>;
  /// Calls the next stage with `tensors` for `call`, for the outputs `requested` (none: all): with
  /// its deadline, and cancelled when it is. Then `on_answer`, or where that is null the answer
  /// becomes that of `call`. Where the next stage fails, so does `call`.
  void Send(std::shared_ptr<InferCall> call, const std::vector<OutgoingTensor>& tensors,
            const std::vector<std::string>& requested, OnAnswer on_answer = nullptr) const;

 private:
  NextAddress next_;
  std::shared_ptr<grpc::Channel> channel_;
  std::shared_ptr<grpc::GenericStub> stub_;
};

}  // namespace scission
