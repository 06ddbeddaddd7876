// Counts the way back of the answer, which passes through all stages.
#pragma once

#include <utility>
#include <vector>

#include "plan/problem.h"

namespace scission {

/// In a pipeline each stage returns the answer to the one that called it. From now on each hop of
/// `problem` carries the model's output back, unpacked, besides what it carries there. One from a
/// to b takes
///   latency(a, b) + bytes / bandwidth(a, b) + latency(b, a) + output / bandwidth(b, a);
/// and so does handing the source its input (Problem::EntryTime).
/// b sends the answer, so it counts among what b sends, and the link from b to a has its energy and
/// its price. All metrics, limits and break-points count that. In a stream, a hop is busy for the
/// whole exchange; what the link from b to a carries of answers is not added to the hops from b to
/// a, which there are only where hosts may come back (may_revisit).
/// Links without one in the other direction disappear; returns them, as numbers of hosts. `problem`
/// does not return the output as well (returns_output), and does not count answers yet.
std::vector<std::pair<int, int>> CountReplies(Problem& problem);

}  // namespace scission
