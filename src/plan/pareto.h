// Plans of which none is better in one respect without being worse in another.
#pragma once

#include <vector>

#include "plan/planner.h"

namespace scission {

struct Front {
  std::vector<Plan> plans;  ///< by the first metric, best first; one plan for each point
  bool is_complete = true;  ///< false where the search was stopped, or `max_plans` were found
};

/// The Pareto front of `metrics` (two or more, none twice) over the plans that meet the query's
/// constraints, exact; values that agree to some 9 digits are equal. The query's objective does not
/// matter.
///
/// What is not dominated by the points found so far lies in regions that are bounded in all metrics
/// but the first; the best plan of all of them by the first metric, the second and so on is the
/// next point, and divides every region that it lies in (after Klamroth, Lacour & Vanderpooten, "On
/// the representation of the search region in multi-objective optimization", EJOR 2015). Takes some
/// searches for each point and region.
Front ParetoFront(const Problem& problem, const Query& query, std::vector<Metric> metrics,
                  std::size_t max_plans, const Stop& stop = nullptr);

}  // namespace scission
