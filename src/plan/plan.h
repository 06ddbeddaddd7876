// A plan: which host runs which layers, and what that costs. Plain data.
#pragma once

#include <string>
#include <vector>

#include "base/units.h"

namespace scission {

/// Consecutive layers that run on one host.
struct Stage {
  std::string host;
  std::string tier;
  int first_layer = 0;
  int last_layer = 0;
  Seconds compute{0};
  bool measured = false;  ///< as one range; else `compute` is an estimate
};

/// Data that cross a link.
struct Hop {
  std::string from;
  std::string to;
  Bytes bytes;
  Seconds time{0};
};

struct Plan {
  std::string source;         ///< the host that holds the input
  std::vector<Stage> stages;  ///< in order; they cover the model
  /// In order. Where the source runs nothing, the first one carries the input to the first stage.
  std::vector<Hop> hops;

  Seconds compute{0};   ///< sum over the stages
  Seconds transfer{0};  ///< sum over the hops
  Seconds latency{0};   ///< compute + transfer
  Bytes sent;           ///< sum over the hops
};

}  // namespace scission
