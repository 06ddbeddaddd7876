// The search below the planner: the best plans of a problem for any linear cost.
#pragma once

#include <optional>
#include <vector>

#include "plan/best_first.h"
#include "plan/linear_cost.h"
#include "plan/problem.h"
#include "plan/query.h"
#include "plan/route.h"

namespace scission {

struct Routes {
  std::vector<Route> routes;  ///< best first
  /// Where the search was stopped: no route that is not among them costs less than this; those in
  /// `routes` are the best that were seen. Nothing where they are proven to be the best.
  std::optional<double> bound;
};

/// The query.result_count routes (fewer where there are fewer) of least cost that meet the query's
/// constraints, exact to the resolution of Rounded(). Equal ones are ordered by the number of
/// stages, then the source, then stage by stage: the host, the last block. What the query's
/// objective is does not matter here.
Routes BestRoutes(const Problem& problem, const Query& query, const LinearCost& cost,
                  const Stop& stop = nullptr);

/// Puts the routes in that order; costs that agree to some 12 digits are equal. `cost` not rounded.
void SortRoutes(const Problem& problem, const LinearCost& cost, std::vector<Route>& routes);

/// Of a route, with `cost` not rounded.
double CostOf(const Problem& problem, const LinearCost& cost, const Route& route);

}  // namespace scission
