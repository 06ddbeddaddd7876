// The planner: a pure function of profiles, network and query.
#pragma once

#include <optional>
#include <vector>

#include "plan/best_first.h"
#include "plan/plan.h"
#include "plan/problem.h"
#include "plan/query.h"

namespace scission {

struct Plans {
  std::vector<Plan> plans;  ///< best first
  /// Where the search was stopped: the objective of a plan that is not among `plans` is not below
  /// this, and `plans` are the best that were seen. Nothing where they are proven to be the best.
  std::optional<double> bound;
};

/// The query.result_count plans that are best by the query's objective (fewer where there are
/// fewer), best first, exact: any number of hosts in any order over the links that there are, from
/// one of the sources; distinct hosts unless the problem lets them come back. Plans of equal value
/// are ordered by latency; those of equal latency (to some 12 digits) by their number of stages,
/// then the source, then stage by stage: the host, the last layer. `stop` is asked now and then.
Plans FindPlans(const Problem& problem, const Query& query, const Stop& stop = nullptr);

/// FindPlans that is not stopped.
std::vector<Plan> BestPlans(const Problem& problem, const Query& query);

/// The best one that runs on one host, where there is one.
std::optional<Plan> BestUnsplitPlan(const Problem& problem, Query query);

}  // namespace scission
