// The search below the planner: the best plans of a problem for any linear cost.
#pragma once

#include <vector>

#include "plan/linear_cost.h"
#include "plan/problem.h"
#include "plan/query.h"
#include "plan/route.h"

namespace scission {

/// The query.result_count routes (fewer where there are fewer) of least cost that meet the query,
/// best first, exact to the resolution of Rounded(). Equal ones are ordered by the number of
/// stages, then the source, then stage by stage: the host, the last block.
std::vector<Route> BestRoutes(const Problem& problem, const Query& query, const LinearCost& cost);

}  // namespace scission
