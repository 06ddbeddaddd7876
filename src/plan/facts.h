// What a hosts file says of the hosts and links of a problem.
#pragma once

#include <vector>

#include "network/hosts.h"
#include "plan/problem.h"
#include "plan/query.h"

namespace scission {

/// Gives hosts and links their power, prices and start-up times; a start-up that the profile knows
/// is replaced where the file has one.
void AddFacts(const Hosts& hosts, Problem& problem);

/// A limit for every host of the problem whose memory the file tells.
std::vector<Constraint> MemoryLimits(const Hosts& hosts, const Problem& problem);

/// For every host of the problem that is a server with a segment of its own: that it runs this
/// segment or nothing.
std::vector<Constraint> HostedLimits(const Hosts& hosts, const Problem& problem);

/// Throws InputError naming `option` where `metric` is energy or cost and nothing has any: the
/// answer would mean nothing.
void RequireFacts(const Problem& problem, Metric metric, const std::string& option);

}  // namespace scission
