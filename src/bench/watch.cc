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

/// A visit in between costs this part of the time.
constexpr double kShareInBetween = 0.1;

bool IsTimed(const MeasureOptions& options) { return options.longest_watch.count() > 0; }

Seconds VisitTime(Seconds run) { return PauseBefore(run) + 2 * run; }

}  // namespace

PaceWatch::PaceWatch(std::function<void()> whole, std::function<void(Seconds)> pause,
                     const MeasureOptions& options, Clock& clock)
    : whole_(std::move(whole)), pause_(std::move(pause)), options_(options), clock_(clock) {}

void PaceWatch::LookInBetween() {
  if (!IsTimed(options_)) return;
  const Seconds least = std::max(kWatchStep, VisitTime(run_) / kShareInBetween);
  if (looked_ == Seconds(0) || clock_.Now() - looked_ >= least) Visit(Seconds(0));
}

void PaceWatch::Finish(const std::function<void()>& on_sample) {
  const Seconds step = IsTimed(options_) ? kWatchStep : Seconds(0);
  while (!IsEnough()) {
    const std::size_t before = samples_.size();
    Visit(step);
    if (on_sample && samples_.size() > before) on_sample();
  }
}

/// A sample where the last one began so long ago.
void PaceWatch::Visit(Seconds step) {
  pause_(PauseBefore(run_));
  whole_();
  looked_ = clock_.Now();
  whole_();
  run_ = clock_.Now() - looked_;
  if (!begins_.empty() && looked_ - begins_.back() < step) return;
  begins_.push_back(looked_);
  samples_.push_back(run_);
}

bool PaceWatch::IsEnough() const {
  if (samples_.empty() || static_cast<int>(samples_.size()) < options_.min_rounds) return false;
  if (begins_.back() - begins_.front() >= options_.longest_watch) return true;
  const auto precision = PrecisionOfPace(begins_, samples_);
  return precision && *precision <= options_.pace_precision;
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

Seconds ExpectedWithWatch(Seconds others, Seconds run, const MeasureOptions& options) {
  const Seconds least = VisitTime(run) * options.min_rounds;
  if (!IsTimed(options)) return others + least;
  const Seconds windows = kPaceWindow * static_cast<double>(kLeastPaceWindows);
  const Seconds watch = (std::min(windows, options.longest_watch) + options.longest_watch) / 2;
  return std::max({others * (1 + kShareInBetween), others + least, watch});
}

}  // namespace scission
