// How fast a machine usually is where it runs plans.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "bench/measure.h"

namespace scission {

/// Watches what a run of the whole model takes where the host computes for a while and then waits
/// for the others, as in a plan. A machine that computes without a break is another one: governors
/// raise its clock, and a hypervisor gives it cores that it else shares. So each run that is timed
/// comes behind a pause as long as a run (10 ms to 1 s) and one run that brings the data into the
/// caches.
class PaceWatch {
 public:
  /// `clock` must outlive it.
  PaceWatch(std::function<void()> whole, std::function<void(Seconds)> pause,
            const MeasureOptions& options, Clock& clock);

  /// Between other measurements: takes a sample where that costs a tenth of the time at the most.
  /// So what takes long is watched all the while. Nothing where `options.longest_watch` is 0.
  void LookInBetween();

  /// Goes on until there are `options.min_rounds` samples, and PrecisionOfPace of them all is
  /// `options.pace_precision` or the watch has lasted for `options.longest_watch`. Visits follow
  /// one another, and one each kWatchStep is a sample; where longest_watch is 0, each of them is.
  /// `on_sample`, if given, is called behind each.
  void Finish(const std::function<void()>& on_sample = nullptr);

  const std::vector<Seconds>& samples() const { return samples_; }

 private:
  void Visit(Seconds step);
  bool IsEnough() const;

  std::function<void()> whole_;
  std::function<void(Seconds)> pause_;
  MeasureOptions options_;
  Clock& clock_;
  Seconds run_{0};     ///< of the last visit
  Seconds looked_{0};  ///< when that was
  std::vector<Seconds> begins_;
  std::vector<Seconds> samples_;
};
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

/// About how long measuring takes that takes `others` without a watch, `run` being the time of one
/// run.
Seconds ExpectedWithWatch(Seconds others, Seconds run, const MeasureOptions& options);

}  // namespace scission
