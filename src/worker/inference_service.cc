#include "worker/inference_service.h"

#include "base/text.h"
#include "wire/datatype.h"
#include "worker/deadline.h"
#include "worker/errors.h"
#include "worker/status.h"

namespace scission {
namespace {

constexpr const char* kPlatform = "onnxruntime_onnx";

/// -1 stands for a size that depends on the values.
template <typename Metadata>
void Describe(const TensorSpec& spec, Metadata& metadata) {
  metadata.set_name(spec.name);
  metadata.set_datatype(std::string(DatatypeOf(spec.type)));
  for (const std::int64_t size : spec.shape) metadata.add_shape(spec.is_dynamic ? -1 : size);
}

/// Of a question about a model, which goes on to the stages behind it.
constexpr Seconds kLongestQuestion{10};

/// To a caller, a stage is the whole pipeline from there on: it gives what the last stage gives.
void AddOthers(const ServedStage& stage, Deadline deadline,
               inference::ModelMetadataResponse& response) {
  if (stage.server() != nullptr) {
    const auto server = stage.server()->Metadata(deadline);
    *response.mutable_inputs() = server.inputs();
    *response.mutable_outputs() = server.outputs();
  }
  if (stage.next() == nullptr) return;
  const auto next = stage.next()->Metadata(deadline);
  if (response.inputs().empty()) *response.mutable_inputs() = next.inputs();
  *response.mutable_outputs() = next.outputs();
}

grpc::Status Refusal(const std::string& host) {
  const grpc::Status status = CurrentStatus();
  return {status.error_code(), host + ": " + status.error_message()};
}

}  // namespace

grpc::Status InferenceService::ServerLive(grpc::ServerContext*, const inference::ServerLiveRequest*,
                                          inference::ServerLiveResponse* response) {
  response->set_live(true);
  return grpc::Status::OK;
}

grpc::Status InferenceService::ServerReady(grpc::ServerContext*,
                                           const inference::ServerReadyRequest*,
                                           inference::ServerReadyResponse* response) {
  response->set_ready(!is_draining_);
  return grpc::Status::OK;
}

grpc::Status InferenceService::ModelReady(grpc::ServerContext* context,
                                          const inference::ModelReadyRequest* request,
                                          inference::ModelReadyResponse* response) {
  try {
    const std::shared_ptr<ServedStage> stage = stages_.Find(request->name());
    const bool is_served =
        stage->next() == nullptr || stage->next()->IsReady(DeadlineOf(*context, kLongestQuestion));
    response->set_ready(!is_draining_ && is_served);
    return grpc::Status::OK;
  } catch (...) {
    return Refusal(host_);
  }
}

grpc::Status InferenceService::ServerMetadata(grpc::ServerContext*,
                                              const inference::ServerMetadataRequest*,
                                              inference::ServerMetadataResponse* response) {
  response->set_name("scission");
  response->set_version(SCISSION_VERSION);
  return grpc::Status::OK;
}

grpc::Status InferenceService::ModelMetadata(grpc::ServerContext* context,
                                             const inference::ModelMetadataRequest* request,
                                             inference::ModelMetadataResponse* response) {
  try {
    const std::shared_ptr<ServedStage> stage = stages_.Find(request->name());
    response->set_name(request->name());
    response->add_versions("1");
    response->set_platform(kPlatform);
    for (const TensorSpec& spec : stage->inputs()) Describe(spec, *response->add_inputs());
    for (const TensorSpec& spec : stage->outputs()) Describe(spec, *response->add_outputs());
    AddOthers(*stage, DeadlineOf(*context, kLongestQuestion), *response);
    return grpc::Status::OK;
  } catch (...) {
    return Refusal(host_);
  }
}

grpc::ServerUnaryReactor* InferenceService::ModelInfer(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  ++*open_;  // before the look at is_draining_, so that who waits for none to be open sees it
  std::shared_ptr<InferCall> call;
  try {
    if (is_draining_) throw DrainingError("the worker is shutting down");
    call = std::make_shared<InferCall>(host_, *context, *reactor, *request, *response, longest_);
  } catch (...) {
    --*open_;
    context->AddTrailingMetadata(kFailedHostKey, ToHeader(host_));
    reactor->Finish(Refusal(host_));
    return reactor;
  }
  call->observers.push_back(
      [observer = observer_, open = open_](const InferCall& ended, const grpc::Status& status) {
        --*open;
        if (observer) observer(ended, status);
      });
  stages_.Infer(std::move(call));
  return reactor;
}

}  // namespace scission
