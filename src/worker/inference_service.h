// The data plane: the Open Inference Protocol, version 2, on the stages of a worker.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "open_inference.grpc.pb.h"
#include "worker/stages.h"

namespace scission {

/// Requests come as they are on the wire, so that their tensors are copied once.
using InferenceServiceBase = inference::GRPCInferenceService::WithRawCallbackMethod_ModelInfer<
    inference::GRPCInferenceService::Service>;

class InferenceService final : public InferenceServiceBase {
 public:
  /// What is told of each request when it has ended; any thread.
  using Observer = std::function<void(const InferCall& call, const grpc::Status& status)>;

  /// `longest`: the deadline of requests whose caller has given none, or a later one.
  InferenceService(std::string host, Stages& stages, Seconds longest, Observer observer)
      : host_(std::move(host)),
        stages_(stages),
        longest_(longest),
        observer_(std::move(observer)) {}

  /// No more requests are taken; those that are here end as they would have.
  void Drain() { is_draining_ = true; }
  bool is_draining() const { return is_draining_; }
  /// Requests that have not ended.
  int open_requests() const { return *open_; }

  grpc::Status ServerLive(grpc::ServerContext*, const inference::ServerLiveRequest*,
                          inference::ServerLiveResponse*) override;
  grpc::Status ServerReady(grpc::ServerContext*, const inference::ServerReadyRequest*,
                           inference::ServerReadyResponse*) override;
  grpc::Status ModelReady(grpc::ServerContext*, const inference::ModelReadyRequest*,
                          inference::ModelReadyResponse*) override;
  grpc::Status ServerMetadata(grpc::ServerContext*, const inference::ServerMetadataRequest*,
                              inference::ServerMetadataResponse*) override;
  grpc::Status ModelMetadata(grpc::ServerContext*, const inference::ModelMetadataRequest*,
                             inference::ModelMetadataResponse*) override;
  grpc::ServerUnaryReactor* ModelInfer(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;

 private:
  const std::string host_;
  Stages& stages_;
  const Seconds longest_;
  const Observer observer_;
  std::atomic<bool> is_draining_ = false;
  /// Calls may end behind the service's own end.
  const std::shared_ptr<std::atomic<int>> open_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace scission
