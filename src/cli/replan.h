// A plan in place of those of a file, whose hosts are gone.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "network/hosts.h"
#include "plan/plan.h"
#include "report/plan_file.h"

namespace scission {

/// The files that `predict --save` made plans from, by what they are; any may be missing.
struct PlanSources {
  std::vector<std::filesystem::path> profiles;
  std::filesystem::path network;
};
PlanSources SourcesOf(const PlansFile& file);

/// The best plan by the options, the profiles and the network that the plans of `file` were made
/// with, from the source of the first one: on hosts that have an address in `hosts`, whose figures
/// count, and are not among `without`. A constraint on a host that is left out holds as for one
/// that runs nothing. Nothing where there is none, or it cannot be found; `reason` says why then.
std::optional<Plan> PlanAnew(const PlansFile& file, const Hosts& hosts,
                             const std::set<std::string>& without, std::string& reason);

}  // namespace scission
