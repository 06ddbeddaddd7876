// A plan in numbers of hosts and blocks, as the search finds it.
#pragma once

#include <compare>
#include <vector>

#include "plan/plan.h"
#include "plan/problem.h"
#include "plan/query.h"

namespace scission {

/// Blocks first_block..last_block on a host of Problem::hosts.
struct RouteStage {
  int host = 0;
  int first_block = 0;
  int last_block = 0;

  auto operator<=>(const RouteStage&) const = default;
};

struct Route {
  int source = 0;                  ///< the host that holds the input
  std::vector<RouteStage> stages;  ///< in order; they cover the model

  auto operator<=>(const Route&) const = default;
};

/// What some hosts do in a route, together.
struct HostsUse {
  bool used = false;
  Bytes sent;
  Seconds compute{0};
};

/// `hosts` ascending. All links that the route uses must be there, here and below.
HostsUse UseOf(const Problem& problem, const Route& route, const std::vector<int>& hosts);

/// Compute time of the whole route.
Seconds ComputeTime(const Problem& problem, const Route& route);

/// Whether the route obeys all constraints of the query.
bool Meets(const Problem& problem, const Route& route, const Query& query);

/// The route with names, layers and times. Times are added in the order in which the original tool
/// added them: the stages, the hops, and then both.
Plan MakePlan(const Problem& problem, const Route& route);

}  // namespace scission
