// A plan: which host runs which layers, and what that costs. Plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "profile/segment_time.h"

namespace scission {

/// Consecutive layers that run on one host.
struct Stage {
  std::string host;
  std::string tier;
  int first_layer = 0;
  int last_layer = 0;
  Seconds compute{0};                               ///< `startup` included
  SegmentOrigin origin = SegmentOrigin::kBlockSum;  ///< of `compute`
  std::optional<Seconds> deviation;                 ///< standard error of `compute`, if known
  int threads = 0;     ///< of an inference, as `compute` was measured; 0: not known
  Seconds startup{0};  ///< what the host takes besides the segment
  std::optional<double> pace_deviation;  ///< of the host: ModelProfile::PaceDeviation()
};

/// Data that cross a link.
struct Hop {
  std::string from;
  std::string to;
  Bytes bytes;        ///< packed, where there is a codec
  Seconds time{0};    ///< packing, unpacking and the answer's way back included
  std::string codec;  ///< empty: none
  Bytes reply;        ///< of the answer, where answers count (replies.h)
};

/// What a plan costs.
struct Totals {
  Seconds compute{0};   ///< sum over the stages
  Seconds transfer{0};  ///< sum over the hops
  Seconds entry{0};     ///< handing the source its input, where that was measured
  Seconds latency{0};   ///< compute + transfer + entry
  Bytes sent;           ///< sum over the hops, answers included
  /// Of the host or link that is busy for longest: in a stream of inputs, a result comes after each
  /// such time. 0 where nothing takes time.
  Seconds period{0};
  double joules = 0;  ///< of the hosts while they compute and the links while they carry
  double price = 0;   ///< in the hosts file's currency
};

struct Plan : Totals {
  std::string source;         ///< the host that holds the input
  std::vector<Stage> stages;  ///< in order; they cover the model
  /// In order. Where the source runs nothing, the first one carries the input to the first stage;
  /// where the output is wanted there, the last one may carry it back.
  std::vector<Hop> hops;
};

}  // namespace scission
