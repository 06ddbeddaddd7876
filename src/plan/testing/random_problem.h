// For tests only: a random instance as the planner gets it.
#pragma once

#include "plan/problem.h"
#include "plan/query.h"
#include "plan/testing/random_instance.h"

namespace scission::testing {

/// Sanitizers make everything some ten times slower: they see each tenth instance.
#ifdef __SANITIZE_ADDRESS__
inline constexpr int kSlowness = 10;
#else
inline constexpr int kSlowness = 1;
#endif

Problem ToProblem(const RandomInstance& instance);

/// The instance's constraints and its objective.
Query ToQuery(const RandomInstance& instance, const Problem& problem);

}  // namespace scission::testing
