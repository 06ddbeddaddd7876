// Half precision (IEEE 754 binary16), many numbers at a time.
#pragma once

#include <cstddef>

namespace scission {

/// Rounds `count` floats to the nearest half, ties to even; beyond 65504 to infinity. A NaN stays
/// one. Neither place needs to be aligned.
void FloatsToHalves(const char* floats, std::size_t count, char* halves);

/// The exact values of `count` halves as floats.
void HalvesToFloats(const char* halves, std::size_t count, char* floats);

}  // namespace scission
