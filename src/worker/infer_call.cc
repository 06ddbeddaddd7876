#include "worker/infer_call.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "worker/deadline.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

/// What gRPC's text for errors may take: it travels in a header.
constexpr std::size_t kMaxText = 1000;

int HopsOf(const grpc::CallbackServerContext& context) {
  const auto entry = context.client_metadata().find(kHopsKey);
  if (entry == context.client_metadata().end()) return 0;
  const auto hops = ParseInteger({entry->second.data(), entry->second.size()});
  if (hops && *hops >= 0 && *hops < kMaxHops) return static_cast<int>(*hops);
  throw InputError(
      fmt::format("came through {} stages or more: do they call each other in a ring?", kMaxHops));
}

}  // namespace

InferCall::InferCall(std::string host, grpc::CallbackServerContext& context,
                     grpc::ServerUnaryReactor& reactor, const grpc::ByteBuffer& request,
                     grpc::ByteBuffer& response, Seconds longest)
    : context_(context),
      reactor_(reactor),
      response_(response),
      arrival_(Clock::now()),
      deadline_(DeadlineOf(context, longest)),
      message_(TensorMessage::ParseRequest(request)),
      hops_(HopsOf(context)),
      computes_twice_(context.client_metadata().contains(kTwiceKey)) {
  timing.host = std::move(host);
}

InferCall::~InferCall() {
  if (!has_ended_) Fail({grpc::StatusCode::INTERNAL, "the request was lost"});
}

bool InferCall::IsOver() const { return context_.IsCancelled() || Clock::now() >= deadline_; }

void InferCall::Answer(grpc::ByteBuffer response, const std::vector<StageTiming>& later) {
  if (has_ended_) return;
  response_.Swap(&response);
  timing.total = Clock::now() - arrival_;
  context_.AddTrailingMetadata(kTimingKey, ToText(timing));
  for (const StageTiming& entry : later) context_.AddTrailingMetadata(kTimingKey, ToText(entry));
  End(grpc::Status::OK);
}

void InferCall::Fail(const grpc::Status& status, const std::string& failed_host) {
  if (has_ended_) return;
  timing.total = Clock::now() - arrival_;
  const bool is_own = failed_host.empty();
  context_.AddTrailingMetadata(kFailedHostKey, ToHeader(is_own ? timing.host : failed_host));
  const std::string text =
      is_own ? fmt::format("{}: {}", timing.host, status.error_message()) : status.error_message();
  End({status.error_code(), Printable(text, kMaxText)});
}

void InferCall::End(const grpc::Status& status) {
  has_ended_ = true;
  for (const auto& observer : observers) observer(*this, status);
  reactor_.Finish(status);
}

}  // namespace scission
