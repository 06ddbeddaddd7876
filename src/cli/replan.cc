#include "cli/replan.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json_reader.h"
#include "base/text.h"
#include "network/network_csv.h"
#include "plan/facts.h"
#include "plan/planner.h"
#include "plan/replies.h"
#include "profile/profile_io.h"
#include "report/plan_inputs.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

/// As the file tells it; a front has no objective, and then it is the latency.
struct Origin {
  Objective objective;
  std::optional<std::vector<std::string>> constraints;  ///< nothing: not known
};

Origin OriginOf(const fs::path& file) {
  const auto document = JsonReader::Parse(file.string(), ReadFile(file));
  const JsonReader json(file.string(), document);
  Origin origin;
  if (document.contains("objective") && document["objective"].is_string()) {
    origin.objective = ParseObjective(file.string(), json["objective"].Text());
  }
  if (!json.Has("constraints")) return origin;
  origin.constraints.emplace();
  for (const JsonReader& constraint : json["constraints"].Items()) {
    origin.constraints->push_back(Printable(constraint.Text()));
  }
  return origin;
}

std::vector<Profile> ProfilesWithout(const PlanSources& sources,
                                     const std::set<std::string>& without) {
  std::vector<Profile> profiles;
  for (const fs::path& file : sources.profiles) {
    Profile profile = file.extension() == ".dat" ? ReadDatProfile(file) : ReadProfile(file);
    if (!without.contains(profile.host.name)) profiles.push_back(std::move(profile));
  }
  return profiles;
}

Query MakeQuery(const Origin& origin, const Hosts& hosts, const Problem& problem) {
  Query query;
  query.result_count = 1;
  query.objective = origin.objective;
  query.constraints = MemoryLimits(hosts, problem);
  for (Constraint& limit : HostedLimits(hosts, problem)) {
    query.constraints.push_back(std::move(limit));
  }
  return query;
}

}  // namespace

PlanSources SourcesOf(const fs::path& plan_file) {
  PlanSources sources;
  for (const fs::path& file : InputsOfPlans(plan_file)) {
    if (file.extension() == ".json" || file.extension() == ".dat") {
      sources.profiles.push_back(file);
    } else if (file.extension() != ".toml") {
      sources.network = file;
    }
  }
  return sources;
}

std::optional<Plan> PlanAnew(const fs::path& plan_file, const PlanFile& plan, const Hosts& hosts,
                             const std::set<std::string>& without, std::string& reason) {
  const PlanSources sources = SourcesOf(plan_file);
  if (sources.profiles.empty() || sources.network.empty()) {
    reason = "it was not written by predict --save, so there are no profiles to plan with";
    return std::nullopt;
  }
  const Origin origin = OriginOf(plan_file);
  if (!origin.constraints || !origin.constraints->empty()) {
    reason = origin.constraints ? "a new plan could break what it was made with: " +
                                      Join(*origin.constraints, ", ")
                                : "it does not tell which constraints it was made with";
    return std::nullopt;
  }
  try {
    std::vector<std::string> warnings;
    const std::vector<Profile> profiles = ProfilesWithout(sources, without);
    const Network network = ReadNetwork(sources.network, warnings);
    const auto selected = SelectModel(profiles, plan.model, warnings);
    Problem problem = MakeProblem(selected, network, InputBytes(selected).value_or(Bytes{}));
    SelectSource(problem, plan.source());
    if (plan.counts_replies) CountReplies(problem);
    AddFacts(hosts, problem);
    const auto plans = BestPlans(problem, MakeQuery(origin, hosts, problem));
    if (!plans.empty()) return plans.front();
    reason = "the hosts that are left have no plan";
  } catch (const InputError& error) {
    reason = error.what();
  }
  return std::nullopt;
}

}  // namespace scission
