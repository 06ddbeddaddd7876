// How sure it is that one plan is faster than another.
#pragma once

#include <optional>

#include "plan/plan.h"

namespace scission {

/// The standard error of the plan's latency: that of its stages, which are independent. Links are
/// taken as exact. Nothing where the error of a stage is not known.
std::optional<Seconds> LatencyDeviation(const Plan& plan);

/// The probability that `a` takes less time than `b`, from the standard errors of their stages,
/// which are taken as normally distributed; a stage that both have is no uncertainty between them.
/// 0.5 where they are the same. Nothing where an error is not known.
std::optional<double> ProbabilityFaster(const Plan& a, const Plan& b);

}  // namespace scission
