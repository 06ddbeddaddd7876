#include "bench/drift.h"

#include "base/statistics.h"
#include "profile/profile.h"

namespace scission {

bool HasDrifted(const std::vector<Seconds>& anchor, Seconds usual) {
  if (anchor.size() < 3) return false;
  const MeasuredRange range{0, 0, anchor};
  return range.Percentile(0.25) > usual * (1 + kMaxDrift) ||
         range.Percentile(0.75) < usual * (1 - kMaxDrift);
}

bool ChangesPace(const std::vector<Seconds>& samples) {
  if (samples.empty()) return false;
  const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
  const Seconds usual = MedianTime(samples);
  return HasDrifted({samples.begin(), middle}, usual) || HasDrifted({middle, samples.end()}, usual);
}

}  // namespace scission
