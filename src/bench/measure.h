// Takes samples of several things that are to be compared.
#pragma once

#include <functional>
#include <vector>

#include "base/units.h"

namespace scission {

/// A monotonic clock; tests bring their own.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Seconds Now() = 0;
};

/// std::chrono::steady_clock.
Clock& SteadyClock();

/// How long a host of a plan waits for the others, at the least.
inline constexpr Seconds kPauseInPlans{0.01};

struct MeasureOptions {
  int warmups = 1;  ///< runs of each subject before the first round, not timed
  int min_rounds = 6;
  int max_rounds = 20;
  /// Samples are enough where it is known, by 95 %, to this part of it what the subject takes at
  /// the usual pace (PrecisionAtUsualPace).
  double precision = 0.02;
  /// How long, at most, the machine's usual pace is looked for, and how well it is to be known
  /// (WatchPace). 0: as long as `min_rounds` samples take.
  Seconds longest_watch{0};
  double pace_precision = 0.05;
};

/// What `benchmark` has for longest_watch, unless it is told how many samples to take.
inline constexpr Seconds kLongestWatch{20};

struct InterleavedSamples {
  std::vector<std::vector<Seconds>> subjects;  ///< in the order in which they were taken
  std::vector<Seconds> anchor;
};

/// Samples of every one of `subjects` and of `anchor`. Rounds are interleaved: each visits first
/// the anchor and then every subject that has not enough samples, once, until all have enough. A
/// visit is one run that brings the subject's data into the caches, not timed, and one that is:
/// steady state. So the n-th sample of each is of the n-th round, and what slowed the machine down
/// for a round shows in all of its samples; the same anchor in several calls shows how the machine
/// changed between them (bench/pace.h). `on_round`, if given, is called with the number of rounds
/// done behind each, outside the timed region.
InterleavedSamples MeasureInterleaved(const std::vector<std::function<void()>>& subjects,
                                      const std::function<void()>& anchor,
                                      const MeasureOptions& options, Clock& clock,
                                      const std::function<void(int)>& on_round = nullptr);

}  // namespace scission
