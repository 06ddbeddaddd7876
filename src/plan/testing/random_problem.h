// For tests only: a random instance as the planner gets it.
#pragma once

#include "plan/problem.h"
#include "plan/query.h"
#include "plan/testing/random_instance.h"

namespace scission::testing {

Problem ToProblem(const RandomInstance& instance);

/// The instance's constraints and its objective.
Query ToQuery(const RandomInstance& instance, const Problem& problem);

}  // namespace scission::testing
