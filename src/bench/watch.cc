#include "bench/watch.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

#include "base/statistics.h"

namespace scission {
namespace {

constexpr Seconds kMostPause{1};
constexpr double kLeastSeconds = 1e-9;

Seconds PauseBefore(Seconds run) { return std::clamp(run, kPauseInPlans, kMostPause); }

Seconds StepOf(const MeasureOptions& options) {
  return options.longest_watch.count() > 0 ? kWatchStep : Seconds(0);
}

bool IsEnough(const std::vector<Seconds>& begins, const std::vector<Seconds>& samples,
              const MeasureOptions& options) {
  if (static_cast<int>(samples.size()) < options.min_rounds) return false;
  if (begins.back() - begins.front() >= options.longest_watch) return true;
  const auto precision = PrecisionOfPace(begins, samples);
  return precision && *precision <= options.pace_precision;
}

}  // namespace

std::vector<Seconds> WatchPace(const std::function<void()>& whole,
                               const std::function<void(Seconds)>& pause,
                               const MeasureOptions& options, Clock& clock,
                               const std::function<void(Seconds)>& on_sample) {
  std::vector<Seconds> begins;
  std::vector<Seconds> samples;
  const Seconds step = StepOf(options);
  Seconds run{0};
  while (samples.empty() || !IsEnough(begins, samples, options)) {
    pause(PauseBefore(run));
    whole();
    const Seconds begin = clock.Now();
    whole();
    run = clock.Now() - begin;
    if (!begins.empty() && begin - begins.back() < step) continue;
    begins.push_back(begin);
    samples.push_back(run);
    if (on_sample) on_sample(begin - begins.front());
  }
  return samples;
}

std::optional<double> PrecisionOfPace(const std::vector<Seconds>& begins,
                                      const std::vector<Seconds>& samples) {
  // Student's t for 95 %, without a table: right to 2 % from 5 windows on.
  const auto student = [](double n) { return kDeviations95 * n / (n - 1.5); };
  std::map<std::int64_t, std::vector<double>> windows;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double window = (begins[i] - begins.front()) / kPaceWindow;
    windows[static_cast<std::int64_t>(window)].push_back(samples[i].count());
  }
  if (!windows.empty()) windows.erase(std::prev(windows.end()));
  if (windows.size() < kLeastPaceWindows) return std::nullopt;
  const auto n = static_cast<double>(windows.size());
  std::vector<double> medians;
  for (auto& [window, of_window] : windows) medians.push_back(Median(std::move(of_window)));
  const double mean = std::accumulate(medians.begin(), medians.end(), 0.0) / n;
  double squares = 0;
  for (const double median : medians) squares += (median - mean) * (median - mean);
  return student(n) * std::sqrt(squares / (n - 1) / n) / std::max(mean, kLeastSeconds);
}

Seconds ExpectedWatch(Seconds run, const MeasureOptions& options) {
  const Seconds step = std::max(StepOf(options), PauseBefore(run) + 2 * run);
  const Seconds least = step * options.min_rounds;
  if (options.longest_watch.count() == 0) return least;
  const Seconds windows = kPaceWindow * static_cast<double>(kLeastPaceWindows);
  return std::max(least, (std::min(windows, options.longest_watch) + options.longest_watch) / 2);
}

}  // namespace scission
