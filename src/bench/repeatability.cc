#include "bench/repeatability.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace scission {

std::vector<LayerRange> SampleOf(const std::vector<LayerRange>& ranges, std::size_t count) {
  if (ranges.size() <= count) return ranges;
  std::vector<LayerRange> sample;
  for (std::size_t i = 0; i < count; ++i) {
    sample.push_back(ranges[i * (ranges.size() - 1) / (count - 1)]);
  }
  return sample;
}

Repeatability CompareTimes(const std::vector<MeasuredRange>& before,
                           const std::vector<MeasuredRange>& again) {
  std::vector<double> differences;
  for (const MeasuredRange& second : again) {
    const auto first =
        std::find_if(before.begin(), before.end(), [&](const MeasuredRange& candidate) {
          return candidate.first_layer == second.first_layer &&
                 candidate.last_layer == second.last_layer;
        });
    assert(first != before.end());
    const double a = first->TypicalTime().count();
    const double b = second.TypicalTime().count();
    differences.push_back(std::abs(a - b) / std::max((a + b) / 2, 1e-12));
  }
  return {static_cast<int>(differences.size()), Median(differences), Quantile(differences, 0.95)};
}

}  // namespace scission
