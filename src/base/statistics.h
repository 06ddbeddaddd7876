// Summaries of samples. Pure functions.
#pragma once

#include <optional>
#include <vector>

#include "base/units.h"

namespace scission {

/// The `q` quantile of `samples`, 0 <= q <= 1, in any order, linearly interpolated between the two
/// nearest ranks (type 7 of Hyndman & Fan 1996, what R and NumPy do). `samples` must not be empty.
double Quantile(std::vector<double> samples, double q);

/// The standard deviation of a normal distribution around 0 that `errors` are drawn from, but for
/// outliers: their median distance from 0, times 1.4826. `errors` must not be empty.
double RobustDeviation(std::vector<double> errors);

inline double Median(std::vector<double> samples) { return Quantile(std::move(samples), 0.5); }
Seconds MedianTime(const std::vector<Seconds>& samples);

struct Interval {
  double low = 0;
  double high = 0;
};

/// An interval that holds the median of what `samples` were drawn from with a probability of at
/// least `confidence`, whatever their distribution: the narrowest pair of order statistics, as far
/// from the one end as from the other, between which it lies (David & Nagaraja, Order Statistics,
/// 7.1; binomial). Nothing where there are too few samples: 95 % take 6.
std::optional<Interval> MedianInterval(std::vector<double> samples, double confidence = 0.95);

/// A normal distribution's 95 % are within this many standard deviations of its middle.
inline constexpr double kDeviations95 = 1.96;

/// How far from the median of `samples` that of what they were drawn from is, 95 %, were they
/// normally distributed but for outliers, a quarter at most: by the distance of their quartiles.
/// The ends of MedianInterval are those outliers, where samples are few. Nothing for fewer than 3.
std::optional<double> MedianReach(const std::vector<double>& samples);

}  // namespace scission
