// The planner: a pure function of profiles, network and query.
#pragma once

#include <vector>

#include "plan/plan.h"
#include "plan/problem.h"
#include "plan/query.h"

namespace scission {

/// The query.result_count plans of least latency (fewer where there are fewer), best first, exact:
/// any number of distinct hosts in any order over the links that there are, from one of the
/// sources. Plans of equal latency (to some 12 digits) are ordered by their number of stages, then
/// the source, then stage by stage: the host, the last layer.
std::vector<Plan> BestPlans(const Problem& problem, const Query& query);

}  // namespace scission
