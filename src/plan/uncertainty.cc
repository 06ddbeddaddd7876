#include "plan/uncertainty.h"

#include <algorithm>
#include <cmath>

namespace scission {
namespace {

bool HasStage(const Plan& plan, const Stage& stage) {
  return std::any_of(plan.stages.begin(), plan.stages.end(), [&](const Stage& other) {
    return other.host == stage.host && other.first_layer == stage.first_layer &&
           other.last_layer == stage.last_layer;
  });
}

/// Of the stages that `other`, if given, does not have.
std::optional<double> Variance(const Plan& plan, const Plan* other) {
  double sum = 0;
  for (const Stage& stage : plan.stages) {
    if (other != nullptr && HasStage(*other, stage)) continue;
    if (!stage.deviation) return std::nullopt;
    sum += stage.deviation->count() * stage.deviation->count();
  }
  return sum;
}

}  // namespace

std::optional<Seconds> LatencyDeviation(const Plan& plan) {
  const auto variance = Variance(plan, nullptr);
  if (!variance) return std::nullopt;
  return Seconds(std::sqrt(*variance));
}

std::optional<double> ProbabilityFaster(const Plan& a, const Plan& b) {
  const auto variance_a = Variance(a, &b);
  const auto variance_b = Variance(b, &a);
  if (!variance_a || !variance_b) return std::nullopt;
  const double gain = (b.latency - a.latency).count();
  const double deviation = std::sqrt(*variance_a + *variance_b);
  if (deviation == 0) return gain == 0 ? 0.5 : (gain > 0 ? 1 : 0);
  return std::erfc(-gain / deviation / std::sqrt(2)) / 2;
}

}  // namespace scission
