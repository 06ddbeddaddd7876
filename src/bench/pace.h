// How fast the machine was, round by round. Pure functions.
#pragma once

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
/// The anchor must have been visited in every round; other subjects from the first one on.
std::vector<double> PaceOfRounds(const InterleavedSamples& samples, Seconds usual);

/// `ranges` were measured where the machine's usual pace was `pace`: their paces become those
/// against 1.
void SetUsualPace(double pace, std::vector<MeasuredRange>& ranges);

}  // namespace scission
