// Which hosts are alike.
#pragma once

#include <vector>

#include "plan/problem.h"
#include "plan/query.h"

namespace scission {

/// A class for each host, numbered from 0: hosts of one class can be exchanged for each other in
/// every plan, and neither its costs nor the constraints notice.
std::vector<int> HostClasses(const Problem& problem, const Query& query);

}  // namespace scission
