#include "zoo/moments.h"

#include <cmath>
#include <numbers>

namespace scission {

Moments Rectified(Moments x) {
  const double deviation = std::sqrt(x.variance());
  const double z = x.mean / deviation;
  const double density = std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  const double positive = std::erfc(-z / std::numbers::sqrt2) / 2;
  return {x.mean * positive + deviation * density,
          x.mean_square * positive + x.mean * deviation * density};
}

Moments Sum(Moments a, Moments b) {
  return {a.mean + b.mean, a.mean_square + b.mean_square + 2 * a.mean * b.mean};
}

Moments Scaled(Moments x, double scale) { return {scale * x.mean, scale * scale * x.mean_square}; }

Moments Mixture(Moments a, int count_a, Moments b, int count_b) {
  const double part = static_cast<double>(count_b) / (count_a + count_b);
  return {a.mean + part * (b.mean - a.mean),
          a.mean_square + part * (b.mean_square - a.mean_square)};
}

}  // namespace scission
