#include "network/link_fit.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>

#include "base/statistics.h"

namespace scission {
namespace {

constexpr double kPerMillisecond = 1e6;  // nanoseconds
constexpr double kLeastSlope = 1 / kMaxBytesPerSecond;

/// A size belongs to the line where it is off by no more than this, or than so many times what is
/// usual.
constexpr double kAlwaysFits = 0.05;
constexpr double kTypicalErrors = 2;

/// time = constant + bytes * slope
struct Line {
  double constant = 0;
  double slope = 0;
};

double At(const Line& line, const SizeTimes& size) {
  return line.constant + line.slope * static_cast<double>(size.bytes);
}

/// |log(fitted / median)|: twice as much is as bad as half as much.
double LogError(const Line& line, const SizeTimes& size) {
  return std::abs(std::log(At(line, size) / size.median.count()));
}

// ---- A line that few sizes cannot move ----

std::vector<Line> LinesThroughTwo(const std::vector<SizeTimes>& sizes) {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const double time = sizes[i].median.count();
    lines.push_back({time, kLeastSlope});
    if (sizes[i].bytes > 0) lines.push_back({0, time / static_cast<double>(sizes[i].bytes)});
    for (std::size_t k = i + 1; k < sizes.size(); ++k) {
      const double slope =
          (sizes[k].median.count() - time) / static_cast<double>(sizes[k].bytes - sizes[i].bytes);
      const double constant = time - slope * static_cast<double>(sizes[i].bytes);
      if (slope >= kLeastSlope && constant >= 0) lines.push_back({constant, slope});
    }
  }
  return lines;
}

/// Of the lines through two sizes, or one where a bound is the other, that with the least sum of
/// errors.
Line RobustLine(const std::vector<SizeTimes>& sizes) {
  const auto sum = [&](const Line& line) {
    double errors = 0;
    for (const SizeTimes& size : sizes) errors += LogError(line, size);
    return errors;
  };
  const std::vector<Line> lines = LinesThroughTwo(sizes);
  return *std::min_element(lines.begin(), lines.end(),
                           [&](const Line& a, const Line& b) { return sum(a) < sum(b); });
}

/// The sizes that `line` fits about as well as it fits most.
std::vector<SizeTimes> Fitting(const std::vector<SizeTimes>& sizes, const Line& line) {
  std::vector<double> errors;
  for (const SizeTimes& size : sizes) errors.push_back(LogError(line, size));
  const double limit = std::max(kAlwaysFits, kTypicalErrors * Median(errors));
  std::vector<SizeTimes> fitting;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (errors[i] <= limit) fitting.push_back(sizes[i]);
  }
  return fitting;
}

// ---- The least squares ----

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

/// The constant not negative and the slope not below kLeastSlope: in two dimensions, where a bound
/// is broken the best lies on it. `otherwise` where there is one size only.
Line LeastSquares(const std::vector<SizeTimes>& sizes, const Line& otherwise) {
  if (sizes.size() < 2) return otherwise;
  const Sums sums = SumsOf(sizes);
  const double determinant = sums.uu * sums.vv - sums.uv * sums.uv;
  Line line{(sums.u * sums.vv - sums.v * sums.uv) / determinant,
            (sums.uu * sums.v - sums.uv * sums.u) / determinant};
  if (!(line.constant >= 0)) line = {0, sums.v / sums.vv};
  if (line.slope < kLeastSlope) {
    line = {std::max(0.0, (sums.u - kLeastSlope * sums.uv) / sums.uu), kLeastSlope};
  }
  return line;
}

Line Fit(const std::vector<SizeTimes>& sizes) {
  const Line robust = RobustLine(sizes);
  return LeastSquares(Fitting(sizes, robust), robust);
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

}  // namespace

double WholeNanoseconds(Seconds time) {
  return std::round(ToMilliseconds(time) * kPerMillisecond) / kPerMillisecond;
}

std::vector<SizeTimes> BySize(const std::vector<Transfer>& transfers) {
  std::map<std::int64_t, std::vector<Seconds>> samples;
  for (const Transfer& transfer : transfers) {
    samples[transfer.bytes].push_back(Milliseconds(WholeNanoseconds(transfer.time)));
  }
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
  const Line line = Fit(sizes);
  LinkFit fit;
  fit.link.latency = Milliseconds(WholeNanoseconds(Seconds(line.constant / 2)));
  fit.link.bytes_per_second = std::clamp(std::round(1 / line.slope), 1.0, kMaxBytesPerSecond);
  const std::vector<double> errors = Errors(sizes, fit.link);
  fit.median_error = Median(errors);
  fit.worst_error = *std::max_element(errors.begin(), errors.end());
  return fit;
}

}  // namespace scission
