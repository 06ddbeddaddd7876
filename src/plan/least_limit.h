// The smallest limit that a plan keeps.
#pragma once

#include <optional>
#include <string>

#include "plan/problem.h"
#include "plan/query.h"

namespace scission {

/// A constraint with another limit in it, as the command line would have it.
struct LeastLimit {
  Constraint constraint;
  std::string text;  ///< "--max-latency at least 0.25"
};

/// `constraint` with the least limit (for a throughput, the greatest) that a plan keeps which meets
/// `query`, which does not have the constraint. Exact: typed in as it stands, the value gives a
/// plan, and no smaller one does. Nothing where the constraint is no limit, or no plan meets the
/// query.
std::optional<LeastLimit> FindLeastLimit(const Problem& problem, const Query& query,
                                         const Constraint& constraint);

}  // namespace scission
