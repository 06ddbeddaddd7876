// Inputs for benchmarks and tests.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/session.h"

namespace scission {

/// A value for each of `specs` from `seed`: floating point uniform in [-1, 1), integers and
/// booleans 0 or 1 (what is valid as a token, an index or a mask alike). Throws InputError for
/// types that have no such values (strings, complex numbers).
TensorMap RandomInputs(const std::vector<TensorSpec>& specs, std::uint64_t seed);

}  // namespace scission
