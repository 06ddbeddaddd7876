// Plans as lines for people.
#pragma once

#include <string>
#include <vector>

#include "plan/metric.h"
#include "plan/plan.h"

namespace scission {

/// One line a plan, numbered from 1, each with a line end:
///   [1] 9.0106s - 2.4087MB - Device(raspi4) = 0 - 6, Cloud(6700k(GPU)) = 7 - 25
/// latency, all that is sent, and the layers of each host in the order in which they run. Before
/// them stand the metrics of `first`, but those two.
std::string PlanLines(const std::vector<Plan>& plans, const std::vector<Metric>& first = {},
                      const std::string& currency = "");

/// The same, byte for byte as the original tool prints it: every tier is named, an unused one with
/// the layers -1 - -1, and the device even where it only sends the input. The plans keep the order
/// of tiers (KeepTierOrder), and their source is a device.
std::string ClassicPlanLines(const std::vector<Plan>& plans);

/// The name of a tier as the lines spell it: "Device".
std::string TierTitle(const std::string& tier);

/// "measured", "fitted", "extrapolated", "block_sum": for programs.
const char* WordOf(SegmentOrigin origin);

/// "measured as one range", "sum of its blocks": for people.
const char* TextOf(SegmentOrigin origin);

/// "Device(raspi4) = 0 - 6"
std::string StageText(const Stage& stage);

/// "0.0116 s = 0.0104 s of computing + 0.0013 s of sending", and what handing over the input takes
/// where that is known.
std::string LatencyText(const Plan& plan);

/// The stages in order, separated by commas.
std::string StagesText(const Plan& plan);

}  // namespace scission
