// How large a layer's values are, roughly: what its successors' weights must make up for.
#pragma once

namespace scission {

/// Of all values of a tensor, over channels and positions.
struct Moments {
  double mean = 0;
  double mean_square = 1;

  double variance() const { return mean_square - mean * mean; }
};

/// What layers with weights give out: their weights are drawn so.
inline constexpr Moments kNormalised{};

/// Of max(x, 0), x normal: the rectified normal distribution. Without a mean, half of the mean
/// square is left.
Moments Rectified(Moments x);

/// Of a + b, independent.
Moments Sum(Moments a, Moments b);

/// Of scale * x.
Moments Scaled(Moments x, double scale);

/// Of the values of a and b together, of which there are so many.
Moments Mixture(Moments a, int count_a, Moments b, int count_b);

}  // namespace scission
