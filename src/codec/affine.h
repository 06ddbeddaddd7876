// Floats as bytes: 256 equal steps from the least to the greatest value of a tensor.
#pragma once

#include <cstddef>

namespace scission {

/// What stands before the bytes: the least and the greatest value, as floats.
inline constexpr std::size_t kAffineHeaderBytes = 2 * sizeof(float);

/// Writes the header and a byte for each of `count` floats. Infinities count as the greatest and
/// least finite value, a NaN as the least. Neither place needs to be aligned.
void FloatsToBytes(const char* floats, std::size_t count, char* packed);

/// The reverse. False where the header holds what FloatsToBytes never writes.
bool BytesToFloats(const char* packed, std::size_t count, char* floats);

}  // namespace scission
