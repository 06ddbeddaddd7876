// At which bandwidth, latency and speed another plan becomes the best.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/planner.h"

namespace scission {

/// Something that is not quite known, or may change.
enum class Parameter {
  kLinkLatency,    ///< seconds
  kLinkBandwidth,  ///< bytes per second
  kHostSpeed,      ///< as a multiple of what was measured
};

/// Where `plan` takes over from the best one, as the parameter moves away from what it is.
struct BreakPoint {
  double value = 0;
  Plan plan;  ///< with the figures of today
};

struct Sensitivity {
  Parameter parameter = Parameter::kLinkLatency;
  std::string from;  ///< of the link; or the host
  std::string to;    ///< empty for a host
  double value = 0;  ///< as it is
  /// The nearest ones below and above, if another plan ever becomes the best there.
  std::optional<BreakPoint> below;
  std::optional<BreakPoint> above;
};

/// For every link that the best plan uses, for answers too where they count, its latency and
/// bandwidth, and for every host (at most `max_hosts`, those of the best plan first) its speed: the
/// nearest values at which another plan becomes the best by the query's objective. Exact: in each
/// parameter (the bandwidth's inverse, the time that a host takes) a plan's cost is a straight
/// line, so the best plan changes where two lines meet; Newton's method on the lower envelope of
/// all lines finds the nearest such place by a few searches, up to a value a million times worse.
/// Limits are judged with the figures of today. Nothing for the throughput, which is no sum, where
/// hops may pack, because the codecs would change with the links, nor where no plan meets the
/// query.
std::vector<Sensitivity> FindSensitivities(const Problem& problem, const Query& query,
                                           int max_hosts, const Stop& stop = nullptr);

}  // namespace scission
