#include "profile/range_fit.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "base/statistics.h"

namespace scission {
namespace {

/// Huber's bound, in robust standard deviations.
constexpr double kOutlier = 2;
/// Fits, each with the weights that the one before suggests.
constexpr int kPasses = 6;
/// How far savings are from what is assumed (standard deviation), as a part of the smaller block
/// beside the cut.
constexpr double kSavingSpread = 0.15;
/// How far ranges scatter around the fit where they cannot tell.
constexpr double kUnknownScatter = 0.05;

/// How far from a measurement its weighed value may be: in its standard errors, and as a part of
/// it.
constexpr double kMostShift = 2;
constexpr double kMostShiftedPart = 0.5;

/// Errors are parts of a range's time, or of this where it took less: below, the clock and the call
/// are what is measured.
constexpr double kLeastSeconds = 1e-6;
/// Errors below this part are not worth suspecting.
constexpr double kLeastSuspect = 1e-3;

double Scale(double seconds) { return std::max(seconds, kLeastSeconds); }

/// To a multiple of 2^-30 s, a nanosecond: what is equal but for the solver's rounding is equal.
double Rounded(double seconds) { return std::ldexp(std::round(std::ldexp(seconds, 30)), -30); }

/// begin[first] + end[last] should be `seconds`.
struct Equation {
  std::size_t first = 0;
  std::size_t last = 0;
  double seconds = 0;
  double weight = 0;  ///< of the error, not of its square
};

/// Weighted least squares by conjugate gradients on the normal equations, scaled to a unit
/// diagonal. Unknowns: the begins, then the ends.
class Solver {
 public:
  Solver(std::size_t blocks, const std::vector<Equation>& equations)
      : blocks_(blocks), equations_(equations), scale_(2 * blocks) {
    for (const Equation& equation : equations_) {
      scale_[equation.first] += equation.weight * equation.weight;
      scale_[blocks_ + equation.last] += equation.weight * equation.weight;
    }
    for (double& scale : scale_) scale = scale > 0 ? 1 / std::sqrt(scale) : 0;
  }

  std::vector<double> Solve() const {
    std::vector<double> targets;
    for (const Equation& equation : equations_) {
      targets.push_back(equation.weight * equation.seconds);
    }
    std::vector<double> solution(scale_.size());
    std::vector<double> rest = Transposed(targets);
    std::vector<double> direction = rest;
    double norm = Dot(rest, rest);
    const double enough = norm * 1e-24;
    for (std::size_t step = 0; step < 4 * scale_.size() && norm > enough; ++step) {
      const std::vector<double> image = Apply(direction);
      const double length = norm / Dot(image, image);
      const std::vector<double> change = Transposed(image);
      for (std::size_t i = 0; i < solution.size(); ++i) {
        solution[i] += length * direction[i];
        rest[i] -= length * change[i];
      }
      const double next = Dot(rest, rest);
      for (std::size_t i = 0; i < direction.size(); ++i) {
        direction[i] = rest[i] + next / norm * direction[i];
      }
      norm = next;
    }
    for (std::size_t i = 0; i < solution.size(); ++i) solution[i] *= scale_[i];
    return solution;
  }

 private:
  static double Dot(const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  }

  std::vector<double> Apply(const std::vector<double>& unknowns) const {
    std::vector<double> image;
    image.reserve(equations_.size());
    for (const Equation& equation : equations_) {
      const std::size_t last = blocks_ + equation.last;
      image.push_back(equation.weight * (unknowns[equation.first] * scale_[equation.first] +
                                         unknowns[last] * scale_[last]));
    }
    return image;
  }

  std::vector<double> Transposed(const std::vector<double>& image) const {
    std::vector<double> sums(scale_.size());
    for (std::size_t i = 0; i < equations_.size(); ++i) {
      const double value = equations_[i].weight * image[i];
      sums[equations_[i].first] += value;
      sums[blocks_ + equations_[i].last] += value;
    }
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] *= scale_[i];
    return sums;
  }

  std::size_t blocks_;
  const std::vector<Equation>& equations_;
  std::vector<double> scale_;
};

/// sums[i]: of the values before i.
std::vector<double> SumsBefore(std::span<const double> values) {
  std::vector<double> sums(values.size() + 1);
  std::partial_sum(values.begin(), values.end(), sums.begin() + 1);
  return sums;
}

/// Huber's weights: 1 for what a normal distribution explains, less for outliers.
std::vector<double> OutlierWeights(const std::vector<double>& errors) {
  const double bound = std::max(kOutlier * RobustDeviation(errors), kLeastSuspect);
  std::vector<double> weights;
  for (const double error : errors) {
    weights.push_back(std::abs(error) <= bound ? 1 : bound / std::abs(error));
  }
  return weights;
}

/// Seconds saved for each byte that need not be handed over at a cut: what ranges of several blocks
/// are shorter than the sum of their blocks, against the bytes that cross the cuts in them.
double SavingRate(std::span<const double> cut_bytes, std::span<const double> block_seconds,
                  std::span<const RangeTime> ranges) {
  const std::vector<double> bytes = SumsBefore(cut_bytes);
  const std::vector<double> seconds = SumsBefore(block_seconds);
  std::vector<double> inside;  // both as a part of the range's time
  std::vector<double> saved;
  for (const RangeTime& range : ranges) {
    if (range.first == range.last) continue;
    const double saving = seconds[range.last + 1] - seconds[range.first] - range.seconds;
    inside.push_back((bytes[range.last] - bytes[range.first]) / Scale(range.seconds));
    saved.push_back(saving / Scale(range.seconds));
  }
  double rate = 0;
  std::vector<double> weights(inside.size(), 1);
  for (int pass = 0; pass < kPasses; ++pass) {
    double product = 0;
    double square = 0;
    for (std::size_t i = 0; i < inside.size(); ++i) {
      product += weights[i] * inside[i] * saved[i];
      square += weights[i] * inside[i] * inside[i];
    }
    if (square == 0) return 0;
    rate = product / square;
    std::vector<double> errors;
    for (std::size_t i = 0; i < inside.size(); ++i) errors.push_back(rate * inside[i] - saved[i]);
    weights = OutlierWeights(errors);
  }
  return rate;
}

/// The saving at each cut as an assumption, weighted by its standard deviation.
std::vector<Equation> AssumedSavings(std::span<const double> cut_bytes,
                                     std::span<const RangeTime> ranges) {
  const std::vector<double> seconds = BlockSeconds(cut_bytes.size() + 1, ranges);
  const double rate = SavingRate(cut_bytes, seconds, ranges);
  std::vector<Equation> savings;
  for (std::size_t cut = 0; cut < cut_bytes.size(); ++cut) {
    const double scale = Scale(std::min(seconds[cut], seconds[cut + 1]));
    savings.push_back({cut + 1, cut, rate * cut_bytes[cut], 1 / (kSavingSpread * scale)});
  }
  return savings;
}

std::vector<double> Errors(const RangeFit& fit, std::span<const RangeTime> ranges) {
  std::vector<double> errors;
  for (const RangeTime& range : ranges) {
    const double fitted = fit.begin[range.first] + fit.end[range.last];
    errors.push_back((fitted - range.seconds) / Scale(range.seconds));
  }
  return errors;
}

/// Fitted costs take up part of the scatter: one less than the blocks' begins and ends.
std::optional<double> Scatter(const std::vector<double>& errors, const std::vector<double>& weights,
                              std::size_t blocks) {
  const std::size_t costs = 2 * blocks - 1;
  if (errors.size() <= costs) return std::nullopt;
  double squares = 0;
  for (std::size_t i = 0; i < errors.size(); ++i) squares += weights[i] * errors[i] * errors[i];
  return std::sqrt(squares / static_cast<double>(errors.size() - costs));
}

/// Splits the scatter into what measurements and what the fit's form are to blame for.
void SetDeviations(RangeFit& fit, std::span<const RangeTime> ranges,
                   const std::vector<double>& weights) {
  if (!fit.relative_deviation) return;
  const double scatter = *fit.relative_deviation;
  double squares = 0;
  double sum = 0;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const double noise = ranges[i].deviation / Scale(ranges[i].seconds);
    squares += weights[i] * noise * noise;
    sum += weights[i];
  }
  const auto costs = static_cast<double>(2 * fit.begin.size() - 1);
  fit.model_deviation = std::sqrt(std::max(scatter * scatter - squares / sum, 0.0));
  fit.cost_deviation = scatter * std::sqrt(costs / static_cast<double>(ranges.size()));
}

RangeFit WithoutCosts(std::size_t blocks, std::span<const RangeTime> ranges) {
  RangeFit fit{.begin = std::vector<double>(blocks),
               .end = std::vector<double>(blocks),
               .begin_seen = std::vector<bool>(blocks),
               .end_seen = std::vector<bool>(blocks)};
  for (const RangeTime& range : ranges) {
    assert(range.first <= range.last && range.last < blocks && range.seconds >= 0);
    if (range.first == range.last) continue;
    fit.begin_seen[range.first] = true;
    fit.end_seen[range.last] = true;
  }
  return fit;
}

void SetCosts(RangeFit& fit, const std::vector<double>& costs) {
  const std::size_t blocks = fit.begin.size();
  for (std::size_t block = 0; block < blocks; ++block) {
    fit.begin[block] = Rounded(costs[block] - costs[0]);
    fit.end[block] = Rounded(costs[blocks + block] + costs[0]);
  }
}

}  // namespace

std::vector<double> BlockSeconds(std::size_t blocks, std::span<const RangeTime> ranges) {
  std::vector<double> seconds(blocks);
  for (const RangeTime& range : ranges) {
    if (range.first == range.last) seconds[range.first] = range.seconds;
  }
  return seconds;
}

std::optional<RangeFit> FitRanges(std::span<const double> cut_bytes,
                                  std::span<const RangeTime> ranges) {
  RangeFit fit = WithoutCosts(cut_bytes.size() + 1, ranges);
  if (std::find(fit.begin_seen.begin(), fit.begin_seen.end(), true) == fit.begin_seen.end()) {
    return std::nullopt;
  }
  const std::vector<Equation> assumed = AssumedSavings(cut_bytes, ranges);
  std::vector<double> weights(ranges.size(), 1);
  for (int pass = 0; pass < kPasses; ++pass) {
    const double scatter = fit.relative_deviation.value_or(kUnknownScatter);
    std::vector<Equation> equations = assumed;
    for (Equation& equation : equations) equation.weight *= scatter;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      const RangeTime& range = ranges[i];
      equations.push_back(
          {range.first, range.last, range.seconds, std::sqrt(weights[i]) / Scale(range.seconds)});
    }
    SetCosts(fit, Solver(fit.begin.size(), equations).Solve());
    const std::vector<double> errors = Errors(fit, ranges);
    weights = OutlierWeights(errors);
    fit.relative_deviation = Scatter(errors, weights, fit.begin.size());
  }
  SetDeviations(fit, ranges, weights);
  return fit;
}

RangeTime Weighed(const RangeTime& measured, const RangeFit& fit) {
  if (!fit.relative_deviation || measured.deviation <= 0) return measured;
  const double model = fit.model_deviation * measured.seconds;
  const double square = measured.deviation * measured.deviation;
  const double weight = model * model / (model * model + square);
  const double fitted = fit.begin[measured.first] + fit.end[measured.last];
  const double shift = (1 - weight) * (fitted - measured.seconds);
  const double reach =
      std::min(kMostShift * measured.deviation, kMostShiftedPart * measured.seconds);
  RangeTime result = measured;
  result.seconds += std::clamp(shift, -reach, reach);
  result.deviation = std::hypot(std::sqrt(weight) * measured.deviation,
                                (1 - weight) * fit.cost_deviation * measured.seconds);
  return result;
}

}  // namespace scission
