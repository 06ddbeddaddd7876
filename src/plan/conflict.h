// Why no plan meets a query.
#pragma once

#include <string>

#include "plan/best_first.h"
#include "plan/problem.h"
#include "plan/query.h"

namespace scission {

/// One line for a query that no plan meets: a minimal set of constraints (or missing links) that
/// conflict, what the best plan is without some, and for a limit the smallest value that works.
/// Tries to leave out one constraint at a time, then two, then a larger set from which none can be
/// spared. `network_file` is where links are missing.
/// Where `stop` ended a search, only that there is no plan is certain, and that is said.
std::string ExplainNoPlan(const Problem& problem, const Query& query,
                          const std::string& network_file, const Stop& stop = nullptr);

}  // namespace scission
