#include "base/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace scission {

double Quantile(std::vector<double> samples, double q) {
  assert(!samples.empty() && q >= 0 && q <= 1);
  std::sort(samples.begin(), samples.end());
  const double rank = q * static_cast<double>(samples.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(rank));
  const auto above = static_cast<std::size_t>(std::ceil(rank));
  const double fraction = rank - std::floor(rank);
  return samples[below] + fraction * (samples[above] - samples[below]);
}

Seconds MedianTime(const std::vector<Seconds>& samples) {
  std::vector<double> seconds;
  seconds.reserve(samples.size());
  for (const Seconds sample : samples) seconds.push_back(sample.count());
  return Seconds(Median(std::move(seconds)));
}

double RobustDeviation(std::vector<double> errors) {
  for (double& error : errors) error = std::abs(error);
  return 1.4826 * Median(std::move(errors));
}

std::optional<Interval> MedianInterval(std::vector<double> samples, double confidence) {
  // The median lies outside of the k-th smallest and the k-th largest of n with a probability of
  // 2 P(X < k), X binomial of n and 1/2. The terms are kept as logarithms: 2^-n may be too small.
  const auto n = samples.size();
  const double log_half_to_n = -static_cast<double>(n) * std::log(2.0);
  double log_binomial = 0;
  double outside = 0;
  std::size_t k = 0;
  for (; 2 * k < n; ++k) {
    outside += 2 * std::exp(log_binomial + log_half_to_n);
    if (outside > 1 - confidence) break;
    log_binomial += std::log(static_cast<double>(n - k)) - std::log(static_cast<double>(k + 1));
  }
  if (k == 0) return std::nullopt;
  std::sort(samples.begin(), samples.end());
  return Interval{samples[k - 1], samples[n - k]};
}

std::optional<double> MedianReach(const std::vector<double>& samples) {
  if (samples.size() < 3) return std::nullopt;
  constexpr double kQuartiles = 1.349;  // of a normal distribution, in standard deviations
  // For what Student's t has for 1.96, and because quartiles of few samples are too near. So 94 to
  // 95 % of intervals from 6 to 20 samples hold the median (simulated).
  constexpr double kLost = 2.4;
  const double deviation = (Quantile(samples, 0.75) - Quantile(samples, 0.25)) / kQuartiles;
  const auto n = static_cast<double>(samples.size());
  return kDeviations95 * deviation * std::sqrt(std::numbers::pi / 2 / n) * n / (n - kLost);
}

}  // namespace scission
