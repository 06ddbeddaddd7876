// Summaries of samples. Pure functions.
#pragma once

#include <vector>

namespace scission {

/// The `q` quantile of `samples`, 0 <= q <= 1, in any order, linearly interpolated between the two
/// nearest ranks (type 7 of Hyndman & Fan 1996, what R and NumPy do). `samples` must not be empty.
double Quantile(std::vector<double> samples, double q);

inline double Median(std::vector<double> samples) { return Quantile(std::move(samples), 0.5); }

}  // namespace scission
