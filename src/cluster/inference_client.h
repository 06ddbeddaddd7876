// Calls a pipeline, as any client of the Open Inference Protocol does.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/load.h"
#include "engine/session.h"
#include "wire/stage_timing.h"

namespace grpc {
class ByteBuffer;
}

namespace scission {

struct ChannelOptions;

/// A request: made once, sent again and again by any thread.
class InferenceRequest {
 public:
  /// Asks `model` for all outputs of `inputs`.
  InferenceRequest(const std::string& model, const TensorMap& inputs);
  /// The same of an encoded image (JPEG, PNG, BMP), which the first stage turns into `input`.
  InferenceRequest(const std::string& model, const std::string& input, std::string_view image);

 private:
  friend class InferenceClient;
  struct State;
  std::shared_ptr<const State> state_;
};

struct InferenceAnswer {
  TensorMap outputs;
  std::vector<StageTiming> timings;  ///< as the stages told them, in any order
};

/// How often each stage computes a request: twice also tells StageTiming::alone.
enum class Computes { kOnce, kTwice };

/// A connection of its own. Used by one thread at a time.
class InferenceClient {
 public:
  /// Connects when it is used. `host`: its name, for messages.
  InferenceClient(std::string host, std::string address, const ChannelOptions& options);

  /// Throws RequestError, which names the host that failed where somebody told it; where what it
  /// answers is no answer, this one, and FailureKind::kOther.
  InferenceAnswer Infer(const InferenceRequest& request, Seconds timeout,
                        Computes computes = Computes::kOnce);

 private:
  /// Throws RequestError where it is malformed.
  TensorMap AnswerIn(const grpc::ByteBuffer& response) const;

  struct State;
  std::string host_;
  std::string address_;
  std::shared_ptr<State> state_;
};

}  // namespace scission
