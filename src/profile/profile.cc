#include "profile/profile.h"

#include <algorithm>

namespace scission {

namespace {

std::vector<double> InSeconds(const std::vector<Seconds>& samples) {
  std::vector<double> seconds;
  seconds.reserve(samples.size());
  for (const Seconds sample : samples) seconds.push_back(sample.count());
  return seconds;
}

}  // namespace

Seconds MeasuredRange::Median() const { return Percentile(0.5); }

std::vector<Seconds> MeasuredRange::SamplesAtUsualPace() const {
  std::vector<Seconds> usual = samples;
  for (std::size_t i = 0; i < paces.size(); ++i) usual[i] /= paces[i];
  return usual;
}

Seconds MeasuredRange::Percentile(double q) const {
  return Seconds(Quantile(InSeconds(samples), q));
}

std::optional<Interval> MeasuredRange::IntervalOfTypicalTime() const {
  if (paces.empty()) return MedianInterval(InSeconds(samples));
  if (!precision) return std::nullopt;
  const double typical = TypicalTime().count();
  return Interval{typical * std::max(1 - *precision, 0.0), typical * (1 + *precision)};
}

const MeasuredRange* ModelProfile::FindRange(int first_layer, int last_layer) const {
  const auto range =
      std::find_if(ranges.begin(), ranges.end(), [&](const MeasuredRange& candidate) {
        return candidate.first_layer == first_layer && candidate.last_layer == last_layer;
      });
  return range == ranges.end() ? nullptr : &*range;
}

std::optional<double> ModelProfile::PaceDeviation() const {
  constexpr std::size_t kLeastSamples = 6;
  const MeasuredRange* whole = FindRange(blocks.front().first_layer, blocks.back().last_layer);
  if (whole == nullptr || whole->samples.size() < kLeastSamples) return std::nullopt;
  const Seconds usual = whole->Median();
  if (usual.count() <= 0) return std::nullopt;
  constexpr double kDistance = 2 * 1.2816;  // of these percentiles, in standard deviations
  return (whole->Percentile(0.9) - whole->Percentile(0.1)) / usual / kDistance;
}

const ModelProfile* Profile::FindModel(const std::string& lower_case_name) const {
  const auto model = std::find_if(models.begin(), models.end(), [&](const ModelProfile& candidate) {
    return candidate.model == lower_case_name;
  });
  return model == models.end() ? nullptr : &*model;
}

}  // namespace scission
