// What `scission run` tells: a table, CSV and JSON; docs/formats.md describes them.
#pragma once

#include <string>

#include "cluster/run_report.h"

namespace scission {

std::string RunText(const RunReport& report);
std::string RunCsv(const RunReport& report);
std::string RunJson(const RunReport& report);

}  // namespace scission
