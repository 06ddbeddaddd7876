// Measures the links between workers, each by the worker at its beginning.
#pragma once

#include <string>
#include <vector>

#include "network/measure_links.h"

namespace scission {

struct ChannelOptions;

/// A worker, as other workers and this program reach it.
struct WorkerAddress {
  std::string host;
  std::string address;  ///< HOST:PORT
};

/// Measures the pairs, whose ends must be among `workers`, as MeasureLinks does: messages go
/// through the same channels, processes and shared memory as those of a plan, so a link's time is
/// the whole cost of a stage boundary on it. A link fails, with the worker's text as the reason,
/// where a worker cannot be reached, does not reach the other one, or is cut off.
NetworkMeasurement MeasureNetwork(const std::vector<WorkerAddress>& workers,
                                  const std::vector<HostPair>& pairs,
                                  const ChannelOptions& channels, const LinkMeasureOptions& options,
                                  const MeasureObserver& observer = {});

}  // namespace scission
