// What it costs that a host was idle.
#pragma once

#include <functional>
#include <vector>

#include "bench/measure.h"

namespace scission {

/// What a run takes longer where nothing ran for a while before it, as in a plan: one host computes
/// while the others wait for it. Cores are asleep or slow then, and caches cold. Runs each of
/// `subjects` twice behind a `pause`, and that several times over: the median of what the first run
/// takes longer than the second, and of these the median over all subjects. At least 0, and 0
/// without subjects.
Seconds MeasureStartup(const std::vector<std::function<void()>>& subjects,
                       const std::function<void()>& pause, Clock& clock);

/// Sleeps as long as other stages may take: 5 ms.
void PauseAsInPlans();

}  // namespace scission
