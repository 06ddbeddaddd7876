#include "cli/replan.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "cli/plan_task.h"
#include "network/network_csv.h"
#include "profile/profile_io.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

std::vector<Profile> ReadAll(const std::vector<fs::path>& files) {
  std::vector<Profile> profiles;
  for (const fs::path& file : files) {
    profiles.push_back(file.extension() == ".dat" ? ReadDatProfile(file) : ReadProfile(file));
  }
  return profiles;
}

/// As the file has them, but for one plan from the first one's source. A front has no objective:
/// the best by its first metric is wanted, which is the one that runs first.
QueryOptions OptionsOf(const PlansFile& file) {
  QueryOptions options = FromWords(file.path.string(), *file.options);
  options.source = file.plans.front().source();
  options.result_count = "1";
  if (options.pareto.empty()) return options;
  options.objective = NameOf(ParseMetrics("--pareto", options.pareto).front());
  options.pareto.clear();
  return options;
}

void LeaveOut(const std::set<std::string>& without, const Hosts& hosts, const Problem& problem,
              QueryOptions& options) {
  for (const ProblemHost& host : problem.hosts) {
    const HostFacts* facts = hosts.Find(host.name);
    const bool has_address = facts != nullptr && !facts->address.empty();
    if (has_address && !without.contains(host.name)) continue;
    options.of_hosts["--exclude-host"].push_back(host.name);
  }
}

Plan BestOf(const PlansFile& file, const PlanSources& sources, const Hosts& hosts,
            const std::set<std::string>& without) {
  QueryOptions options = OptionsOf(file);
  std::vector<std::string> warnings;  // told when the plans were made
  const std::vector<Profile> profiles = ReadAll(sources.profiles);
  const Network network = ReadNetwork(sources.network, warnings);
  const auto selected = SelectModel(profiles, file.plans.front().model, warnings);
  Problem problem = MakeProblem(options, selected, network, hosts, warnings);
  LeaveOut(without, hosts, problem, options);
  Query query = MakeQuery(options, problem);
  PlanTask task = MakeTask(options, std::move(problem), std::move(query), hosts);
  task.network_file = network.file;
  return FindBest(task, StopAfterTimeLimit(options)).plans.front();
}

}  // namespace

PlanSources SourcesOf(const PlansFile& file) {
  PlanSources sources;
  for (const fs::path& input : file.inputs) {
    if (input.extension() == ".json" || input.extension() == ".dat") {
      sources.profiles.push_back(input);
    } else if (input.extension() != ".toml") {
      sources.network = input;
    }
  }
  return sources;
}

std::optional<Plan> PlanAnew(const PlansFile& file, const Hosts& hosts,
                             const std::set<std::string>& without, std::string& reason) {
  const PlanSources sources = SourcesOf(file);
  const std::string& source = file.plans.front().source();
  if (sources.profiles.empty() || sources.network.empty()) {
    reason = "it was not written by predict --save, so there are no profiles to plan with";
  } else if (!file.options) {
    reason = "it was written by an older program, which did not keep what the plans were asked for";
  } else if (without.contains(source)) {
    reason = fmt::format("the input is on {}", source);
  } else {
    try {
      return BestOf(file, sources, hosts, without);
    } catch (const InputError& error) {
      reason = error.what();
    } catch (const NoPlanError& error) {
      reason = error.what();
    }
  }
  return std::nullopt;
}

}  // namespace scission
