// What every command says that measured on a machine which was disturbed.
#pragma once

#include <string>

#include "profile/stability.h"

namespace scission {

/// kDone, or kUnstable and a line on standard error with the reasons.
int CodeOf(const Stability& stability, const std::string& model);

}  // namespace scission
