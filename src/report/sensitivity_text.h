// At which bandwidth, latency and speed the best plan changes, for people and programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "plan/sensitivity.h"

namespace scission {

/// One line for each parameter that matters; the last one counts those that do not.
std::string SensitivityText(const std::vector<Sensitivity>& sensitivities);

/// An array; docs/formats.md describes it.
nlohmann::ordered_json SensitivityJson(const std::vector<Sensitivity>& sensitivities);

}  // namespace scission
