// What each stage tells of a request, in the trailing metadata of its answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"

namespace scission {

/// The metadata that each stage adds one of, and passes on those of the stages behind it.
inline constexpr const char* kTimingKey = "scission-timing";
/// The metadata that tells which host a failure comes from.
inline constexpr const char* kFailedHostKey = "scission-failed-host";

/// One request at one stage.
struct StageTiming {
  std::string host;
  std::string stage;  ///< the name by which it is served
  Seconds queue{0};   ///< waited for those before it
  Seconds unpack{0};  ///< decoding, preprocessing an image
  Seconds compute{0};
  Seconds pack{0};   ///< encoding for the next stage
  Seconds next{0};   ///< from the call of the next stage to its answer; 0 of the last one
  Seconds total{0};  ///< from the request being there to the answer being ready
  Bytes in;          ///< of the tensors, as they came
  Bytes sent;        ///< to the next stage, as packed
  Bytes reply;       ///< of the tensors in the answer
};

/// "host=edge1 stage=m.1 queue_us=12 ...", in any order; what it does not know is skipped, what is
/// missing is 0. Nothing where `text` is not such a list, has no host or stage, or a number that is
/// negative or not finite: it comes from another machine.
std::optional<StageTiming> ParseStageTiming(std::string_view text);

/// `timings` in the order of `stages` (names); nothing where one is missing or stands twice.
std::optional<std::vector<StageTiming>> InOrder(const std::vector<StageTiming>& timings,
                                                const std::vector<std::string>& stages);

}  // namespace scission
