// The answer of `predict`, for people.
#pragma once

#include <string>

#include "report/prediction.h"

namespace scission {

/// A line for each plan with the metrics that were asked for, and one where the plans are not
/// proven to be the best.
std::string PredictionLines(const Prediction& prediction);

}  // namespace scission
