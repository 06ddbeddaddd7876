// How predictions compare with what was measured. Plain data and pure functions.
#pragma once

#include <optional>
#include <vector>

#include "profile/segment_time.h"

namespace scission {

/// A range of layers, predicted and then measured twice, in rounds that alternate: how far the
/// second measurement is from the first is what any prediction of the first may be wrong by.
struct RangeComparison {
  int first_layer = 0;
  int last_layer = 0;
  SegmentOrigin origin = SegmentOrigin::kBlockSum;
  Seconds predicted{0};
  std::optional<Seconds> deviation;  ///< standard error of `predicted`
  Seconds block_sum{0};              ///< what adding up the blocks would have predicted
  Seconds measured{0};               ///< medians
  Seconds measured_again{0};
  bool is_unstable = false;  ///< measured now while the machine's pace had changed
};

/// (value - truth) / truth; 0 where `truth` is 0.
double RelativeError(Seconds value, Seconds truth);

/// Of the sizes of relative errors.
struct ErrorSpread {
  double median = 0;
  double p95 = 0;
  double worst = 0;
};

struct ValidationSummary {
  ErrorSpread prediction;
  /// Of predictions times what the whole model takes now against the profile: what is left where
  /// the machine is faster or slower than it was.
  ErrorSpread at_present_speed;
  ErrorSpread block_sum;
  ErrorSpread repeatability;  ///< of measuring again
  /// How many predictions with a known standard error were no farther off than it: 0.68 where the
  /// errors are what they claim to be. Absent where none has one.
  std::optional<double> within_deviation;
};

/// `ranges` must not be empty. `whole`: the whole model.
ValidationSummary Summarize(const std::vector<RangeComparison>& ranges,
                            const RangeComparison& whole);

}  // namespace scission
