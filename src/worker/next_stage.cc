#include "worker/next_stage.h"

#include "open_inference.grpc.pb.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

/// Everything that a call of the next stage needs until it is answered.
struct Exchange {
  std::shared_ptr<InferCall> call;
  NextStage::OnAnswer on_answer;
  std::unique_ptr<grpc::ClientContext> context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer answer;
  Clock::time_point begin = Clock::now();
  std::shared_ptr<grpc::GenericStub> stub;
};

/// Contents of the answer's tensors: the same all the way back. Of a server of another kind, the
/// whole message.
Bytes RepliedBytes(const std::vector<StageTiming>& later, const grpc::ByteBuffer& answer) {
  return later.empty() ? Bytes{static_cast<double>(answer.Length())} : later.front().replied;
}

std::chrono::system_clock::time_point ToSystem(Deadline deadline) {
  return std::chrono::system_clock::now() +
         std::chrono::duration_cast<std::chrono::system_clock::duration>(deadline - Clock::now());
}

/// A stage of ours says itself who failed; of others, and where nobody answers, it is the next one.
void PassOn(const grpc::Status& status, const NextAddress& next, Exchange& exchange) {
  if (const auto failed = FailedHostIn(*exchange.context)) {
    exchange.call->Fail(status, *failed);
    return;
  }
  const RemoteError error(next.host, next.address, status);
  exchange.call->Fail({status.error_code(), error.what()}, next.host);
}

}  // namespace

NextStage::NextStage(NextAddress next, const ChannelOptions& options) : next_(std::move(next)) {
  if (next_.host.empty()) next_.host = next_.address;
  RequireSafe(next_.host, next_.address, options.security);
  channel_ = OpenChannel(next_.address, options);
  channel_->GetState(/*try_to_connect=*/true);  // so that the first request need not wait for it
  stub_ = std::make_shared<grpc::GenericStub>(channel_);
}

inference::ModelMetadataResponse NextStage::Metadata(Deadline deadline) const {
  grpc::ClientContext context;
  context.set_deadline(ToSystem(deadline));
  inference::ModelMetadataRequest request;
  request.set_name(next_.model);
  inference::ModelMetadataResponse response;
  const auto stub = inference::GRPCInferenceService::NewStub(channel_);
  RequireOk(next_.host, next_.address, stub->ModelMetadata(&context, request, &response));
  return response;
}

bool NextStage::IsReady(Deadline deadline) const {
  grpc::ClientContext context;
  context.set_deadline(ToSystem(deadline));
  inference::ModelReadyRequest request;
  request.set_name(next_.model);
  inference::ModelReadyResponse response;
  const auto stub = inference::GRPCInferenceService::NewStub(channel_);
  return stub->ModelReady(&context, request, &response).ok() && response.ready();
}

void NextStage::Send(std::shared_ptr<InferCall> call, const std::vector<OutgoingTensor>& tensors,
                     const std::vector<std::string>& requested, OnAnswer on_answer) const {
  auto exchange = std::make_shared<Exchange>();
  exchange->context = grpc::ClientContext::FromCallbackServerContext(call->context());
  exchange->context->set_deadline(ToSystem(call->deadline()));
  exchange->context->AddMetadata(kHopsKey, std::to_string(call->hops() + 1));
  if (call->computes_twice()) exchange->context->AddMetadata(kTwiceKey, "1");
  exchange->request = MakeRequest(next_.model, call->message().id, tensors, requested);
  call->timing.sent += ContentsOf(tensors);
  exchange->call = std::move(call);
  exchange->on_answer = std::move(on_answer);
  exchange->stub = stub_;
  stub_->UnaryCall(exchange->context.get(), kInferMethod, grpc::StubOptions(), &exchange->request,
                   &exchange->answer, [exchange, next = next_](const grpc::Status& status) {
                     exchange->request.Clear();
                     InferCall& of = *exchange->call;
                     of.timing.next += Clock::now() - exchange->begin;
                     if (!status.ok()) return PassOn(status, next, *exchange);
                     auto later = TimingsIn(*exchange->context);
                     of.timing.replied += RepliedBytes(later, exchange->answer);
                     if (exchange->on_answer) {
                       exchange->on_answer(exchange->call, exchange->answer, std::move(later));
                     } else {
                       of.Answer(Readdress(exchange->answer, of.message().model, of.message().id),
                                 later);
                     }
                   });
}

}  // namespace scission
