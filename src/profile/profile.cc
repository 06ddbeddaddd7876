#include "profile/profile.h"

#include <algorithm>

#include "base/statistics.h"

namespace scission {

Seconds MeasuredRange::Median() const { return Percentile(0.5); }

Seconds MeasuredRange::Percentile(double q) const {
  std::vector<double> seconds;
  seconds.reserve(samples.size());
  for (const Seconds sample : samples) seconds.push_back(sample.count());
  return Seconds(Quantile(std::move(seconds), q));
}

const MeasuredRange* ModelProfile::FindRange(int first_layer, int last_layer) const {
  const auto range =
      std::find_if(ranges.begin(), ranges.end(), [&](const MeasuredRange& candidate) {
        return candidate.first_layer == first_layer && candidate.last_layer == last_layer;
      });
  return range == ranges.end() ? nullptr : &*range;
}

const ModelProfile* Profile::FindModel(const std::string& lower_case_name) const {
  const auto model = std::find_if(models.begin(), models.end(), [&](const ModelProfile& candidate) {
    return candidate.model == lower_case_name;
  });
  return model == models.end() ? nullptr : &*model;
}

}  // namespace scission
