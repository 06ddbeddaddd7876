// A benchmark's results for people.
#pragma once

#include <string>

#include "profile/profile.h"

namespace scission {

/// A row a model: blocks, the whole model's time, the sum of its blocks, load, first run.
std::string BenchmarkText(const Profile& profile);

}  // namespace scission
