#include "validate/comparison.h"

#include <algorithm>
#include <cmath>

#include "base/statistics.h"

namespace scission {
namespace {

ErrorSpread SpreadOf(const std::vector<RangeComparison>& ranges, Seconds RangeComparison::*value) {
  std::vector<double> errors;
  for (const RangeComparison& range : ranges) {
    errors.push_back(std::abs(RelativeError(range.*value, range.measured)));
  }
  return {Median(errors), Quantile(errors, 0.95), Quantile(errors, 1)};
}

std::optional<double> PartWithinDeviation(const std::vector<RangeComparison>& ranges) {
  double known = 0;
  double within = 0;
  for (const RangeComparison& range : ranges) {
    if (!range.deviation) continue;
    ++known;
    if (std::abs((range.predicted - range.measured).count()) <= range.deviation->count()) ++within;
  }
  return known > 0 ? std::optional(within / known) : std::nullopt;
}

}  // namespace

double RelativeError(Seconds value, Seconds truth) {
  return truth.count() > 0 ? (value - truth) / truth : 0;
}

ValidationSummary Summarize(const std::vector<RangeComparison>& ranges) {
  return {SpreadOf(ranges, &RangeComparison::predicted),
          SpreadOf(ranges, &RangeComparison::block_sum),
          SpreadOf(ranges, &RangeComparison::measured_again), PartWithinDeviation(ranges)};
}

}  // namespace scission
