// The planner: a pure function of profiles, network and query.
#pragma once

#include <vector>

#include "plan/plan.h"
#include "plan/problem.h"
#include "plan/query.h"

namespace scission {

/// The query.result_count best plans (fewer where there are fewer), best first, exact. Hosts are
/// used in the order of kTiers, at most one of each tier; every device may hold the input. Plans
/// of equal latency are ordered by their number of stages, then hosts, then cuts.
std::vector<Plan> BestPlans(const Problem& problem, const Query& query);

}  // namespace scission
