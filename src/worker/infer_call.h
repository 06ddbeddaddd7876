// A request on its way through a worker.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <string>
#include <vector>

#include "runner/segment_process.h"
#include "wire/stage_timing.h"
#include "wire/tensor_message.h"

namespace scission {

/// Ends exactly once: by Answer, Fail, or, where its last owner forgets it, as an internal error.
/// One thread at a time.
class InferCall {
 public:
  /// `context`, `reactor` and `response` live until the call has ended. Throws InputError where the
  /// request is malformed: then whoever made it finishes `reactor`.
  InferCall(std::string host, grpc::CallbackServerContext& context,
            grpc::ServerUnaryReactor& reactor, const grpc::ByteBuffer& request,
            grpc::ByteBuffer& response, Seconds longest);
  ~InferCall();
  InferCall(const InferCall&) = delete;
  InferCall& operator=(const InferCall&) = delete;

  const TensorMessage& message() const { return message_; }
  grpc::CallbackServerContext& context() { return context_; }
  Deadline arrival() const { return arrival_; }
  /// The caller's, or the worker's own where that is earlier.
  Deadline deadline() const { return deadline_; }
  /// Through how many stages it has come.
  int hops() const { return hops_; }
  /// Whether stages are to compute twice: StageTiming::alone.
  bool computes_twice() const { return computes_twice_; }
  /// Whether nobody waits for the answer any more.
  bool IsOver() const;

  StageTiming timing;  ///< `host` is set; `total` is by Answer

  /// `later`: what the stages behind this one told.
  void Answer(grpc::ByteBuffer response, const std::vector<StageTiming>& later = {});
  /// `failed_host`: who is at fault; empty: this host, whose name is put before the text.
  void Fail(const grpc::Status& status, const std::string& failed_host = "");

  /// Called when it ends, before its caller can know.
  std::vector<std::function<void(const InferCall& call, const grpc::Status& status)>> observers;

 private:
  void End(const grpc::Status& status);

  grpc::CallbackServerContext& context_;
  grpc::ServerUnaryReactor& reactor_;
  grpc::ByteBuffer& response_;
  const Deadline arrival_;
  const Deadline deadline_;
  TensorMessage message_;
  const int hops_;
  const bool computes_twice_;
  bool has_ended_ = false;
};

}  // namespace scission
