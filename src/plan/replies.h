// Counts the way back of the answer, which passes through all stages.
#pragma once

#include <utility>
#include <vector>

#include "plan/problem.h"

namespace scission {

/// In a pipeline each stage returns the answer to the one that called it. From now on each link of
/// `problem` carries the model's output back besides what it carries there: a hop from a to b takes
///   latency(a, b) + bytes / bandwidth(a, b) + latency(b, a) + output / bandwidth(b, a).
/// Links without one in the other direction disappear; returns them, as numbers of hosts. What
/// plans send, and what that costs in energy and money, stays without the answers. `problem` does
/// not return the output as well (returns_output), and knows its links only once.
std::vector<std::pair<int, int>> CountReplies(Problem& problem);

}  // namespace scission
