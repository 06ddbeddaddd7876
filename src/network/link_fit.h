// From measured round trips to a link's latency and bandwidth. Pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "base/units.h"
#include "network/network.h"

namespace scission {

/// One message of `bytes` bytes there and its small answer back.
struct Transfer {
  std::int64_t bytes = 0;
  Seconds time{0};

  bool operator==(const Transfer&) const = default;
};

/// All transfers of one size.
struct SizeTimes {
  std::int64_t bytes = 0;
  std::vector<Seconds> samples;  ///< in the order in which they were taken
  Seconds median{0};
};

/// A link such that RoundTrip(link, bytes) is what was measured, and how true that is.
struct LinkFit {
  Link link;
  double median_error = 0;  ///< over the sizes, |fitted - median| / median
  double worst_error = 0;
};

/// Nothing that was measured is faster; what a bandwidth is where size makes no difference.
inline constexpr double kMaxBytesPerSecond = 1e12;

/// In milliseconds with at most six decimals, which files keep exactly.
double WholeNanoseconds(Seconds time);

/// The samples by size, ascending; times as files keep them.
std::vector<SizeTimes> BySize(const std::vector<Transfer>& transfers);

/// What a message and its empty answer take: twice the latency, and bytes / bandwidth. The answer's
/// way is counted as long as the way there, because one clock sees only both together: each
/// direction of a link gets half of the round trip of an empty message, so that request and answer
/// (the latencies of both directions) add up to what was measured.
inline Seconds RoundTrip(const Link& link, Bytes size) {
  return link.latency + TransferTime(size, link);
}

/// The link whose round trips are nearest to the medians of the sizes by the sum of squares of
/// relative errors: a millisecond is much for a kilobyte and nothing for 16 MB. Outliers do not
/// move it: neither samples, as long as they are fewer than half of a size's, nor whole sizes that
/// no line fits together with the others, such as the small ones that a traffic shaper lets pass at
/// once. Those are left out of the squares, not of the errors: of all lines through two sizes, one
/// has the least sum of |log(fitted / median)|, and they are farther from it than twice the median
/// of that and than 5 %.
///
/// The latency is not negative; the bandwidth is a whole number of bytes a second from 1 to
/// kMaxBytesPerSecond, and the latency has at most six decimals in milliseconds, so that files keep
/// both exactly. There must be two sizes at least, the times above 0.
LinkFit FitLink(const std::vector<Transfer>& transfers);

}  // namespace scission
