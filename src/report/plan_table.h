// Plans for programs: one table of columns, as CSV and as JSON. docs/formats.md describes both.
#pragma once

#include <string>
#include <vector>

#include "report/prediction.h"

namespace scission {

/// A header row and one row a plan. Cells of a tier are empty where not exactly one of its hosts is
/// used; the last column has all stages as text.
std::string PlansCsv(const std::vector<Plan>& plans);

/// The same columns as members of each plan (null where the cell is empty), but its stages, and
/// besides its hops, as arrays in order; and what else there is to tell.
std::string PlansJson(const Prediction& prediction);

}  // namespace scission
