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

struct MeasureOptions {
  int warmups = 2;  ///< runs of each subject before the first round, not timed
  int rounds = 10;
};

/// Samples of every one of `subjects`, in the order in which they were taken. Rounds are
/// interleaved: each round visits every subject once, so that drift of a noisy machine hits all
/// alike. A visit is one run that brings the subject's data into the caches, not timed, and one
/// that is: steady state. `on_visit`, if given, is called behind each visit, and behind the
/// warm-ups of each subject, outside the timed region.
std::vector<std::vector<Seconds>> MeasureInterleaved(
    const std::vector<std::function<void()>>& subjects, const MeasureOptions& options, Clock& clock,
    const std::function<void()>& on_visit = nullptr);

}  // namespace scission
