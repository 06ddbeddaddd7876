#include "plan/planner.h"

#include "plan/objective.h"

namespace scission {
namespace {

/// Found quickly, for want of a better one.
Routes SimpleRoutes(const Problem& problem, Query query) {
  query.constraints.push_back({{}, StageLimit{2}, "", ""});
  return BestRoutes(problem, query, MetricCost(problem, Metric::kLatency));
}

}  // namespace

Plans FindPlans(const Problem& problem, const Query& query, const Stop& stop) {
  Routes best = BestByObjective(problem, query, stop);
  if (best.routes.empty() && best.bound) best.routes = SimpleRoutes(problem, query).routes;
  Plans plans;
  for (const Route& route : best.routes) plans.plans.push_back(MakePlan(problem, route));
  plans.bound = best.bound;
  return plans;
}

std::vector<Plan> BestPlans(const Problem& problem, const Query& query) {
  return FindPlans(problem, query).plans;
}

std::optional<Plan> BestUnsplitPlan(const Problem& problem, Query query) {
  query.result_count = 1;
  query.constraints.push_back({{}, StageLimit{1}, "", ""});
  const auto plans = BestPlans(problem, query);
  if (plans.empty()) return std::nullopt;
  return plans.front();
}

}  // namespace scission
