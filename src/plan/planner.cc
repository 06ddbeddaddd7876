#include "plan/planner.h"

#include "plan/search.h"

namespace scission {

std::vector<Plan> BestPlans(const Problem& problem, const Query& query) {
  std::vector<Plan> plans;
  for (const Route& route : BestRoutes(problem, query, LatencyCost(problem))) {
    plans.push_back(MakePlan(problem, route));
  }
  return plans;
}

}  // namespace scission
