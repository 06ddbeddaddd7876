// What machine this is.
#pragma once

#include <string>

#include "profile/profile.h"

namespace scission {

/// The machine that runs this process, as far as the system tells; `name` and `tier` as given.
Host DescribeThisHost(const std::string& tier, const std::string& name);

/// Now, ISO 8601 in UTC: "2026-01-31T12:00:00Z".
std::string UtcNow();

}  // namespace scission
