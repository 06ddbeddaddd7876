#include "worker/next_stage.h"

#include <fmt/format.h>

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

std::vector<std::string> TimingsIn(const grpc::ClientContext& context) {
  std::vector<std::string> timings;
  const auto range = context.GetServerTrailingMetadata().equal_range(kTimingKey);
  for (auto entry = range.first; entry != range.second; ++entry) {
    timings.emplace_back(entry->second.data(), entry->second.size());
  }
  return timings;
}

std::chrono::system_clock::time_point ToSystem(Deadline deadline) {
  return std::chrono::system_clock::now() +
         std::chrono::duration_cast<std::chrono::system_clock::duration>(deadline - Clock::now());
}

/// A stage of ours says itself who failed; of others, and where nobody answers, it is the next one.
void PassOn(const grpc::Status& status, const NextAddress& next, Exchange& exchange) {
  const auto& trailing = exchange.context->GetServerTrailingMetadata();
  const auto failed = trailing.find(kFailedHostKey);
  if (failed != trailing.end()) {
    exchange.call->Fail(status, std::string(failed->second.data(), failed->second.size()));
    return;
  }
  const std::string text =
      fmt::format("{} ({}): {}", next.host, next.address, status.error_message());
  exchange.call->Fail({status.error_code(), text}, next.host);
}

}  // namespace

NextStage::NextStage(NextAddress next, const ChannelOptions& options) : next_(std::move(next)) {
  RequireSafe(next_.host, next_.address, options.security);
  channel_ = OpenChannel(next_.address, options);
  stub_ = std::make_shared<grpc::GenericStub>(channel_);
}

void NextStage::Connect() { channel_->GetState(/*try_to_connect=*/true); }

void NextStage::Send(std::shared_ptr<InferCall> call, const std::vector<OutgoingTensor>& tensors,
                     OnAnswer on_answer) const {
  auto exchange = std::make_shared<Exchange>();
  exchange->context = grpc::ClientContext::FromCallbackServerContext(call->context());
  exchange->context->set_deadline(ToSystem(call->deadline()));
  exchange->request =
      MakeRequest(next_.model, call->message().id, tensors, call->message().requested);
  for (const OutgoingTensor& tensor : tensors) {
    for (const grpc::Slice& slice : tensor.contents) {
      call->timing.sent += Bytes{static_cast<double>(slice.size())};
    }
  }
  exchange->call = std::move(call);
  exchange->on_answer = std::move(on_answer);
  exchange->stub = stub_;
  stub_->UnaryCall(
      exchange->context.get(), kInferMethod, grpc::StubOptions(), &exchange->request,
      &exchange->answer, [exchange, next = next_](const grpc::Status& status) {
        exchange->request.Clear();
        InferCall& of = *exchange->call;
        of.timing.next += Clock::now() - exchange->begin;
        if (!status.ok()) return PassOn(status, next, *exchange);
        of.timing.replied += Bytes{static_cast<double>(exchange->answer.Length())};
        auto later = TimingsIn(*exchange->context);
        if (exchange->on_answer) {
          exchange->on_answer(exchange->call, exchange->answer, std::move(later));
        } else {
          of.Answer(Readdress(exchange->answer, of.message().model, of.message().id), later);
        }
      });
}

}  // namespace scission
