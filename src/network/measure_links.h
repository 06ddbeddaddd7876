// Measures links one after the other, with messages as large as each link bears. Sends nothing
// itself.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/units.h"
#include "network/link_fit.h"

namespace scission {

/// A link's ends, by the hosts' names.
struct HostPair {
  std::string from;
  std::string to;

  auto operator<=>(const HostPair&) const = default;
};

struct LinkMeasurement {
  HostPair ends;
  std::string date;  ///< UTC, when measuring began; for readers
  std::vector<Transfer> transfers;
  LinkFit fit;  ///< of `transfers`
};

struct FailedLink {
  HostPair ends;
  std::string reason;  ///< one line
};

struct NetworkMeasurement {
  std::vector<LinkMeasurement> links;
  std::vector<FailedLink> failed;
};

/// Moves `rounds` messages of each size over a link, the sizes interleaved, and gives each transfer
/// to `sample`. Throws std::runtime_error, or what is derived from it, with the reason where that
/// fails.
using LinkProbe =
    std::function<void(const HostPair& ends, const std::vector<std::int64_t>& sizes, int rounds,
                       const std::function<void(const Transfer&)>& sample)>;

struct LinkMeasureOptions {
  int rounds = 10;  ///< samples of each size
  std::int64_t smallest = 1 << 10;
  std::int64_t largest = 16 << 20;
  Seconds longest{0.5};  ///< no size is taken that would need more, but for the two smallest
  std::string date;      ///< goes into the measurements
};

/// What is told meanwhile; none needs to be set.
struct MeasureObserver {
  std::function<void(const HostPair&)> begins;
  std::function<void(const HostPair&, int done, int total)> moved;
  std::function<void(const LinkMeasurement&)> measured;
  std::function<void(const FailedLink&)> failed;
};

/// Each host with itself, which is what a program there pays to hand its own worker something; then
/// every direction between every two of them, both directions of a pair together.
std::vector<HostPair> AllPairs(const std::vector<std::string>& hosts);

/// The pairs in their order, one at a time, as links may share a medium. Sizes grow fourfold from
/// the smallest to the largest; first two messages of each size find out how far a link bears
/// them, then all sizes are measured together. A pair that fails is told with its reason, and the
/// others go on.
NetworkMeasurement MeasureLinks(const std::vector<HostPair>& pairs, const LinkProbe& probe,
                                const LinkMeasureOptions& options,
                                const MeasureObserver& observer = {});

}  // namespace scission
