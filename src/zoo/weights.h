// Random weights with which activations neither vanish nor explode, however deep the model.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "zoo/moments.h"

namespace scission {

/// Every value in [low, high] equally likely.
struct UniformRange {
  float low;
  float high;
};

/// For a kernel each of whose outputs is a sum of `fan_in` products with values as `input`
/// describes: outputs of mean 0 and variance 1. After a ReLU, which halves the mean square, this is
/// He's rule, +-sqrt(6 / fan_in) (He et al., "Delving Deep into Rectifiers", 2015, eq. 10);
/// counting the mean square instead of assuming 1/2 keeps it true after residual additions, linear
/// layers and for images in 0..255.
UniformRange HeUniform(std::int64_t fan_in, Moments input);

/// `count` little-endian float32 values in `range`, a function of the other arguments alone.
/// About 1 ns a value; no other memory than the result's.
std::string RandomFloats(std::size_t count, UniformRange range, std::uint64_t seed,
                         std::string_view name);

}  // namespace scission
