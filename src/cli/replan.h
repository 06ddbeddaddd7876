// A plan in place of those of a file, whose hosts are gone.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "network/hosts.h"
#include "network/network.h"
#include "plan/plan.h"
#include "report/plan_file.h"

namespace scission {

/// The files that `predict --save` made a plan from, by what they are; any may be missing.
struct PlanSources {
  std::vector<std::filesystem::path> profiles;
  std::filesystem::path network;
};
PlanSources SourcesOf(const std::filesystem::path& plan_file);

/// The best plan for the model of `plan`, from its source, that none of `without` takes part in; by
/// the objective of `plan_file` and from the profiles and the network that it was made from.
/// Nothing where there is none, or it cannot be found: where the plan was made without --save, or
/// with constraints that a new plan could break. `reason` says why then.
std::optional<Plan> PlanAnew(const std::filesystem::path& plan_file, const PlanFile& plan,
                             const Hosts& hosts, const std::set<std::string>& without,
                             std::string& reason);

}  // namespace scission
