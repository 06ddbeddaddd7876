// How fast the machine was, round by round. Pure functions.
#pragma once

#include <optional>
#include <vector>

#include "bench/measure.h"
#include "profile/profile.h"

namespace scission {

/// The machine's pace in each round of `samples`: above 1 where all that was visited in it took
/// longer than elsewhere; at 1 the anchor takes `usual`. A round's pace is the median of what its
/// samples take against their subject's usual, by Tukey's median polish (Exploratory Data Analysis,
/// 1977, ch. 11) of the logarithms: rounds against subjects, the anchor being one of them. Whatever
/// slows the machine down for a round slows all down that is visited in it, so it is told from what
/// a subject itself takes, and the more subjects, the better. Rounded to 1e-4.
///
/// The anchor must have been visited in every round; other subjects from the first one on. It is
/// what the polish begins with: subjects that were left early have no other tie to later rounds.
std::vector<double> PaceOfRounds(const InterleavedSamples& samples, Seconds usual);

/// How well it is known what `subject` takes at the usual pace, 95 %, as a part of it
/// (MedianReach), by what it takes against `anchor` in the same rounds. Their quotients scatter by
/// the subject's noise and the anchor's, from which the level of paces comes, no matter how many
/// others were visited; samples divided by a pace in which they have a say scatter by less than the
/// truth, by half where one subject is left. Assumed: rounds are independent, but for their pace.
/// `anchor` has at least as many samples. Rounded to 1e-4. Nothing for fewer than three.
std::optional<double> PrecisionAtUsualPace(const std::vector<Seconds>& subject,
                                           const std::vector<Seconds>& anchor);

/// Adds `ranges` to `profile`, which were measured later, and beside them the `whole` model,
/// against which they have their paces. Each session is a look at the machine's pace at a time of
/// its own, so the usual pace is that of all of them from now on: that at which the whole model
/// takes the median of all its samples. All paces become those against it.
void AddSession(std::vector<MeasuredRange> ranges, const MeasuredRange& whole,
                ModelProfile& profile);

}  // namespace scission
