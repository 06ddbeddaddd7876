// What `scission validate` tells: tables, CSV and JSON; docs/formats.md describes them.
#pragma once

#include <string>

#include "validate/plan_validation.h"
#include "validate/range_validation.h"

namespace scission {

/// Which model, where it was profiled and with what: the words above the table.
struct ValidationSubject {
  std::string model;
  std::string host;
  std::string cpu;
  int threads = 0;
  bool is_other_machine = false;  ///< the profile's, not the one that measured now
};

std::string RangesText(const RangeValidation& validation, const ValidationSubject& subject);
std::string RangesCsv(const RangeValidation& validation);
std::string RangesJson(const RangeValidation& validation, const ValidationSubject& subject);

std::string PlanRunText(const PlanValidation& validation, const std::string& model);
std::string PlanRunCsv(const PlanValidation& validation);
std::string PlanRunJson(const PlanValidation& validation, const std::string& model);

/// "measured", "fitted", "extrapolated", "block sum"
std::string ToText(SegmentOrigin origin);

}  // namespace scission
