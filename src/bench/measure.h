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
  int warmups = 1;  ///< runs of each subject before the first round, not timed
  int min_rounds = 6;
  int max_rounds = 20;
  /// Samples are enough where what they are taken for is known, by 95 %, to this part of it: of a
  /// subject, what it takes at the usual pace (PrecisionAtUsualPace); of the anchor, its median.
  double precision = 0.02;
};

struct InterleavedSamples {
  std::vector<std::vector<Seconds>> subjects;  ///< in the order in which they were taken
  std::vector<Seconds> anchor;
};

/// Samples of every one of `subjects` and of `anchor`. Rounds are interleaved: each visits first
/// the anchor and then every subject that has not enough samples, once, until all have enough; the
/// anchor has enough with the last of them, or, alone, by its own median. A visit is one run that
/// brings the subject's data into the caches, not timed, and one that is: steady state. So the n-th
/// sample of each is of the n-th round, and what slowed the machine down for a round shows in all
/// of its samples; the same anchor in several calls shows how the machine changed between them
/// (bench/pace.h). `on_round`, if given, is called with the number of rounds done behind each,
/// outside the timed region.
InterleavedSamples MeasureInterleaved(const std::vector<std::function<void()>>& subjects,
                                      const std::function<void()>& anchor,
                                      const MeasureOptions& options, Clock& clock,
                                      const std::function<void(int)>& on_round = nullptr);

/// Whether `samples` of the anchor are as many as `options` asks for: by MedianInterval.
bool IsEnough(const std::vector<Seconds>& samples, const MeasureOptions& options);

/// Whether those of a subject are, `anchor` being of the same rounds and perhaps of later ones.
bool IsEnough(const std::vector<Seconds>& subject, const std::vector<Seconds>& anchor,
              const MeasureOptions& options);

}  // namespace scission
