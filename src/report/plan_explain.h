// Why the best plan is the best, for people.
#pragma once

#include <string>

#include "report/prediction.h"

namespace scission {

/// The first plan stage by stage and hop by hop, what it costs, and its margin over the best plan
/// that runs on one host and over the second best. Several lines.
std::string ExplainPlans(const Prediction& prediction);

/// The standard error of each plan's latency, and how likely the first one is faster than it.
std::string ExplainUncertainty(const Prediction& prediction);

}  // namespace scission
