// The exhaustive search below the planner: every plan that meets a query, bounded by latency.
#pragma once

#include <array>
#include <functional>

#include "plan/plan.h"
#include "plan/problem.h"
#include "plan/query.h"

namespace scission {

/// Blocks first_block..last_block on a host of Problem::hosts; host -1: the tier is not used.
struct TierChoice {
  int host = -1;
  int first_block = -1;
  int last_block = -1;

  auto operator<=>(const TierChoice&) const = default;
};

/// A plan as the search handles it, small and quick to compare.
struct Candidate {
  Seconds latency{0};
  int stage_count = 0;
  int source = -1;  ///< the host that holds the input; -1 where there is no device
  std::array<TierChoice, kTierCount> tiers;
  Seconds compute{0};
  Seconds transfer{0};

  /// By latency; among equals fewer stages first, then hosts in the order of the problem, then
  /// early cuts: total, so that answers are the same every time.
  auto operator<=>(const Candidate&) const = default;
};

/// Takes a plan; returns the latency above which no further plan is of interest.
using Visitor = std::function<Seconds(const Candidate&)>;

/// Shows `visit` every plan that meets `query` (whose result_count is not looked at) and is not
/// slower than the latest limit that `visit` returned.
/// O(devices x edges x clouds x blocks^2), less what the limit prunes.
void VisitPlans(const Problem& problem, const Query& query, const Visitor& visit);

/// How `candidate` uses `tier`.
TierUse UseOf(const Problem& problem, const Candidate& candidate, int tier);

Plan MakePlan(const Problem& problem, const Candidate& candidate);

}  // namespace scission
