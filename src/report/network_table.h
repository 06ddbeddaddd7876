// What `network measure` prints.
#pragma once

#include <string>

#include "network/measure_links.h"

namespace scission {

/// A line for each link that was measured: its ends, latency, bandwidth, and how far the fit is
/// off, in the median and at worst over the sizes. Empty where there are none.
std::string NetworkText(const NetworkMeasurement& network);

/// "edge to cloud: 0.2310 ms, 943.20 Mbit/s"
std::string LinkText(const LinkMeasurement& link);

/// "edge to cloud"
std::string EndsText(const HostPair& ends);

}  // namespace scission
