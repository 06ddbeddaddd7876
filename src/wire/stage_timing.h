// What each stage tells of a request in the trailing metadata of its answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"

namespace grpc {
class ClientContext;
}

namespace scission {

/// One entry a stage, its own first, then those of the stages behind it.
inline constexpr const char* kTimingKey = "scission-timing";
/// The host that is at fault, where a request failed.
inline constexpr const char* kFailedHostKey = "scission-failed-host";

/// Through how many stages a request has come, in its metadata; more than kMaxHops are refused.
inline constexpr const char* kHopsKey = "scission-hops";
inline constexpr int kMaxHops = 256;
/// Asks each stage, in its metadata, to compute a second time and tell how long that took
/// (StageTiming::alone).
inline constexpr const char* kTwiceKey = "scission-twice";

struct StageTiming {
  std::string host;
  std::string stage;  ///< as which it is served
  Seconds queue{0};   ///< waiting for its turn
  Seconds unpack{0};  ///< taking the inputs from the message; decoding, preprocessing
  Seconds compute{0};
  /// Computing the same once more, at once: with nothing between, as benchmarks measure it. Only
  /// where that was asked for, and not of other servers.
  std::optional<Seconds> alone;
  Seconds pack{0};
  Seconds next{0};   ///< from the call of the next stage to its answer; 0 for the last one
  Seconds total{0};  ///< from the request being there to the answer being ready
  Bytes received;    ///< contents of tensors, as packed
  Bytes sent;        ///< to the next stage
  Bytes replied;     ///< what came back from it; for the last stage its answer
};

/// `text` as it may stand in a header: of its first 200 bytes, blanks, '=', '%' and what is not
/// printable ASCII are percent-encoded. gRPC aborts the process over anything else.
std::string ToHeader(std::string_view text);
/// Nothing where `header` is not what ToHeader gives.
std::optional<std::string> FromHeader(std::string_view header);

/// "host=edge1 stage=vgg19.1 queue_us=12.0 ... reply_bytes=4000"; names as ToHeader
/// has them.
std::string ToText(const StageTiming& timing);
/// Nothing where `text` is not what ToText gives.
std::optional<StageTiming> ParseStageTiming(std::string_view text);
/// What came with the answer of a call that has ended, in the order of the stages, without what is
/// not as it should be: it comes from other machines.
std::vector<StageTiming> TimingsIn(const grpc::ClientContext& context);
/// The host that is at fault, where the call failed and somebody told it.
std::optional<std::string> FailedHostIn(const grpc::ClientContext& context);

}  // namespace scission
