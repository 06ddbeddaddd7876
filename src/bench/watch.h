// How fast a machine usually is where it runs plans.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "bench/measure.h"

namespace scission {

/// What `whole`, a run of the whole model, takes where the host computes for a while and then waits
/// for the others, as in a plan. A machine that computes without a break is another one: governors
/// raise its clock, and a hypervisor gives it cores that it else shares. So each run that is timed
/// comes behind a pause as long as a run (10 ms to 1 s) and one run that brings the data into the
/// caches. Such visits follow one another, and one each kWatchStep is a sample: at least
/// `options.min_rounds`, until PrecisionOfPace is `options.pace_precision` or the watch lasts for
/// `options.longest_watch`; where that is 0, each of `options.min_rounds` visits. `on_sample`, if
/// given, is called behind each with how long it lasts.
std::vector<Seconds> WatchPace(const std::function<void()>& whole,
                               const std::function<void(Seconds)>& pause,
                               const MeasureOptions& options, Clock& clock,
                               const std::function<void(Seconds)>& on_sample = nullptr);
inline constexpr Seconds kWatchStep{0.2};

/// How well `samples`, which began at `begins`, tell what is usual, 95 %, as a part of it. A shared
/// machine changes its pace from one second to the next, so samples that are close to each other
/// tell the same: what counts are the medians of windows of kPaceWindow, taken as independent and
/// normally distributed (the method of batch means: Law, Simulation Modeling and Analysis, ch. 9).
/// The last window is not over yet. Nothing for fewer than kLeastPaceWindows others.
std::optional<double> PrecisionOfPace(const std::vector<Seconds>& begins,
                                      const std::vector<Seconds>& samples);
inline constexpr Seconds kPaceWindow{2};
inline constexpr std::size_t kLeastPaceWindows = 5;

/// About how long WatchPace takes, `run` being the time of one run.
Seconds ExpectedWatch(Seconds run, const MeasureOptions& options);

}  // namespace scission
