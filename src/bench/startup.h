// What it costs that a host was idle.
#pragma once

#include <functional>
#include <vector>

#include "bench/measure.h"
#include "profile/profile.h"

namespace scission {

/// What a run takes longer where nothing ran for a while before it, as in a plan: one host computes
/// while the others wait for it. Cores are asleep or slow then, and caches cold.
///
/// Runs each of the `pieces` of a model, and the `whole`, twice behind a `pause`, and that several
/// times over: the medians of what the first run takes longer than the second, and of what the
/// second takes. The line through the median piece and the whole is what a segment takes longer, by
/// its time; it is nowhere below 0, and rises no more than kMostStartupPart. What the whole takes
/// longer counts less the less certain it is: (1 - (se / it)^2) of it, and nothing below its
/// standard error. Without pieces the whole's is that of every segment.
Startup MeasureStartup(const std::vector<std::function<void()>>& pieces,
                       const std::function<void()>& whole, const std::function<void()>& pause,
                       Clock& clock);

/// Sleeps for kPauseInPlans.
void PauseAsInPlans();

}  // namespace scission
