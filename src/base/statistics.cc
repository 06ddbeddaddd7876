#include "base/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>

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

double RobustDeviation(std::vector<double> errors) {
  for (double& error : errors) error = std::abs(error);
  return 1.4826 * Median(std::move(errors));
}

}  // namespace scission
