// The best routes for what the user wants, be it a sum or not.
#pragma once

#include "plan/search.h"

namespace scission {

/// The query.result_count routes (fewer where there are fewer) that are best by the query's
/// objective and meet its constraints. Equal ones (to some 9 digits) are ordered by latency, then
/// as BestRoutes has it; of equal periods, others than the fastest are taken where those are not
/// soon found (the same ones each time). `bound` is in the unit of the objective.
Routes BestByObjective(const Problem& problem, const Query& query, const Stop& stop = nullptr);

}  // namespace scission
