// Whether two tensors hold the same values, as far as floating point goes.
#pragma once

#include <optional>
#include <string>

#include "model/tensor.h"

namespace scission {

/// Elements may differ by `relative` of the expected element plus `of_largest` of the largest
/// expected magnitude: splitting a model moves the places where the engine fuses operators, and
/// with them the rounding. Integers and booleans must be equal.
struct Tolerance {
  double relative = 1e-3;
  double of_largest = 1e-4;
};

/// What differs, for a message ("element 17 is 0.25, not 0.5"); nothing where all is the same.
/// A NaN differs from everything but a NaN.
std::optional<std::string> Difference(const TensorValue& expected, const TensorValue& actual,
                                      const Tolerance& tolerance = {});

/// The largest difference of two elements, as a part of the largest expected magnitude: what a
/// lossy transfer did. Infinite where types, shapes, NaNs or what is no floating point differ.
double LargestDeviation(const TensorValue& expected, const TensorValue& actual);

}  // namespace scission
