#include "network/link_fit.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>

#include "base/statistics.h"

namespace scission {
namespace {

constexpr double kPerMillisecond = 1e6;  // nanoseconds

/// time = constant + bytes * slope
struct Line {
  double constant = 0;
  double slope = 0;
};

/// Sums over the sizes of what the least squares of relative errors need. With u = 1 / median and
/// v = bytes / median, the errors are constant * u + slope * v - 1.
struct Sums {
  double u = 0;
  double v = 0;
  double uu = 0;
  double uv = 0;
  double vv = 0;
};

Sums SumsOf(const std::vector<SizeTimes>& sizes) {
  Sums sums;
  for (const SizeTimes& size : sizes) {
    const double u = 1 / size.median.count();
    const double v = static_cast<double>(size.bytes) * u;
    sums.u += u;
    sums.v += v;
    sums.uu += u * u;
    sums.uv += u * v;
    sums.vv += v * v;
  }
  return sums;
}

/// The least squares, the constant not negative and the slope not below `least_slope`: in two
/// dimensions, where a bound is broken the best lies on it.
Line Fit(const std::vector<SizeTimes>& sizes, double least_slope) {
  const Sums sums = SumsOf(sizes);
  const double determinant = sums.uu * sums.vv - sums.uv * sums.uv;
  Line line{(sums.u * sums.vv - sums.v * sums.uv) / determinant,
            (sums.uu * sums.v - sums.uv * sums.u) / determinant};
  if (!(line.constant >= 0)) line = {0, sums.v / sums.vv};
  if (line.slope < least_slope) {
    line = {std::max(0.0, (sums.u - least_slope * sums.uv) / sums.uu), least_slope};
  }
  return line;
}

std::vector<double> Errors(const std::vector<SizeTimes>& sizes, const Link& link) {
  std::vector<double> errors;
  errors.reserve(sizes.size());
  for (const SizeTimes& size : sizes) {
    const Seconds fitted = RoundTrip(link, Bytes{static_cast<double>(size.bytes)});
    errors.push_back(std::abs(fitted / size.median - 1));
  }
  return errors;
}

Seconds MedianTime(const std::vector<Seconds>& samples) {
  std::vector<double> seconds;
  seconds.reserve(samples.size());
  for (const Seconds sample : samples) seconds.push_back(sample.count());
  return Seconds(Median(std::move(seconds)));
}

}  // namespace

std::vector<SizeTimes> BySize(const std::vector<Transfer>& transfers) {
  std::map<std::int64_t, std::vector<Seconds>> samples;
  for (const Transfer& transfer : transfers) samples[transfer.bytes].push_back(transfer.time);
  std::vector<SizeTimes> sizes;
  for (auto& [bytes, times] : samples) {
    const Seconds median = MedianTime(times);
    sizes.push_back({bytes, std::move(times), median});
  }
  return sizes;
}

LinkFit FitLink(const std::vector<Transfer>& transfers) {
  const std::vector<SizeTimes> sizes = BySize(transfers);
  assert(sizes.size() >= 2);
  const Line line = Fit(sizes, 1 / kMaxBytesPerSecond);
  LinkFit fit;
  const double latency_ms = ToMilliseconds(Seconds(line.constant / 2));
  fit.link.latency = Milliseconds(std::round(latency_ms * kPerMillisecond) / kPerMillisecond);
  fit.link.bytes_per_second = std::clamp(std::round(1 / line.slope), 1.0, kMaxBytesPerSecond);
  const std::vector<double> errors = Errors(sizes, fit.link);
  fit.median_error = Median(errors);
  fit.worst_error = *std::max_element(errors.begin(), errors.end());
  return fit;
}

}  // namespace scission
