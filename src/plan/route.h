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

/// Calls `visit(from, to, packing)` for each hop, in order.
template <typename Visit>
void ForEachHop(const Problem& problem, const Route& route, const Visit& visit) {
  int at = route.source;
  for (const RouteStage& stage : route.stages) {
    if (at != stage.host)
      visit(at, stage.host, problem.PackingOf(stage.first_block, at, stage.host));
    at = stage.host;
  }
  if (problem.returns_output && at != route.source) {
    visit(at, route.source, problem.PackingOf(problem.block_count(), at, route.source));
  }
}

/// What some hosts do in a route, together.
struct HostsUse {
  bool used = false;
  Bytes sent;
  Seconds compute{0};
};

/// `hosts` ascending. All links that the route uses must be there, here and below.
HostsUse UseOf(const Problem& problem, const Route& route, const std::vector<int>& hosts);

/// Memory that `host` needs for its stages: their weights, and the activations of the one that has
/// most. The problem must know them.
Bytes MemoryOf(const Problem& problem, const Route& route, int host);

/// What the route costs. Times are added in the order in which the original tool added them: the
/// stages, the hops, and then both.
Totals TotalsOf(const Problem& problem, const Route& route);

/// Whether the route obeys all constraints of the query.
bool Meets(const Problem& problem, const Route& route, const Query& query);

/// The route with names, layers and times.
Plan MakePlan(const Problem& problem, const Route& route);

}  // namespace scission
