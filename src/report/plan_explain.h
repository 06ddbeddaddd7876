// Why the best plan is the best, for people.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace scission {

/// The first of `plans` (at least one) stage by stage and hop by hop, its margin over `unsplit`,
/// the best plan that runs on one host (none where the constraints allow none), and over the second
/// of `plans`. Several lines.
std::string ExplainPlans(const std::vector<Plan>& plans, const std::optional<Plan>& unsplit);

}  // namespace scission
