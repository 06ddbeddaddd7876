// Estimates how long any range of blocks takes from those that were measured. A pure function.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace scission {

/// A measured range of blocks, first..last, both included.
struct RangeTime {
  std::size_t first = 0;
  std::size_t last = 0;
  double seconds = 0;
  double deviation = 0;  ///< standard error of `seconds`; 0 where it is not known
};

/// T(first, last) = begin[first] + end[last] in seconds: the only form in which each block has a
/// cost inside a range, a cost of entering there and one of leaving there. In terms of what people
/// measure, it is the sum of the blocks minus, for each cut inside the range, what not cutting
/// there saves; the saving at the cut behind block k is begin[k + 1] + end[k].
struct RangeFit {
  std::vector<double> begin;  ///< [block]; of the first it is 0, its cost is part of the ends
  std::vector<double> end;    ///< [block]
  /// Whether a measured range of several blocks begins (ends) with the block; where none does, the
  /// saving at its cut is an assumption.
  std::vector<bool> begin_seen;
  std::vector<bool> end_seen;
  /// Standard deviation of measured ranges around the fit, as a part of their time; absent where
  /// the ranges are no more than the costs that were fitted to them.
  std::optional<double> relative_deviation;
  /// That of true times around the best fit: what is left of relative_deviation without the ranges'
  /// own standard errors.
  double model_deviation = 0;
  /// That of the fit around the best one, for want of ranges, on average.
  double cost_deviation = 0;
};

/// What the ranges say of single blocks; 0 of those that they do not have.
std::vector<double> BlockSeconds(std::size_t blocks, std::span<const RangeTime> ranges);

/// The fit to `ranges`: least squares of relative errors, with Huber's weights, so that an outlier
/// does little harm. Every block must be among the ranges. `cut_bytes`: what crosses the cut behind
/// each block but the last. Where the ranges do not determine a saving, it is in proportion to
/// these bytes, at the rate that the ranges show on the whole. Nothing where no range has several
/// blocks. O(ranges x blocks) at worst.
std::optional<RangeFit> FitRanges(std::span<const double> cut_bytes,
                                  std::span<const RangeTime> ranges);

/// A measured time and the fit's, each weighted by how well it is known: the measurement by its own
/// standard error, the fit by model_deviation (as small area estimation has it: Fay & Herriot, J.
/// Am. Stat. Assoc. 74, 1979), but never farther from the measurement than two standard errors of
/// it (Efron & Morris, J. Am. Stat. Assoc. 67, 1972): what is farther off is no noise. As measured
/// where either error is not known. `deviation` is the result's own.
RangeTime Weighed(const RangeTime& measured, const RangeFit& fit);

}  // namespace scission
