#include "cli/study_query.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"
#include "cli/plan_task.h"
#include "plan/conflict.h"
#include "profile/profile.h"

namespace scission {
namespace {

/// As if each host had measured each layer as a block, and it took no time.
std::vector<Profile> Placeholders(const std::string& model, LayerRange layers,
                                  const std::vector<std::string>& workers, const Hosts& facts) {
  std::vector<Profile> profiles;
  for (const std::string& worker : workers) {
    ModelProfile whole;
    whole.model = model;
    for (int layer = layers.first; layer <= layers.last; ++layer) {
      whole.blocks.push_back({.first_layer = layer, .last_layer = layer});
      whole.ranges.push_back({layer, layer, {Seconds(0)}});
    }
    Profile profile;
    profile.host.name = worker;
    profile.host.tier = facts.Find(worker)->tier;
    profile.models = {std::move(whole)};
    profiles.push_back(std::move(profile));
  }
  return profiles;
}

/// Between all workers, and what they carry takes no time.
Network PlaceholderLinks(const std::vector<std::string>& workers) {
  Network network;
  for (const std::string& from : workers) {
    for (const std::string& to : workers) {
      if (from != to)
        network.links[{from, to}] = {Seconds(0), std::numeric_limits<double>::infinity()};
    }
  }
  return network;
}

/// Throws NoPlanError where not even the outline has a plan: it can be cut everywhere, and nothing
/// costs anything, so that every plan that could come of measuring is one of its own.
void RequirePlan(PlanTask outline, const Stop& stop) {
  outline.problem.input = Bytes();
  for (ProblemHost& host : outline.problem.hosts) {
    host.startup = Seconds(0);
    host.startup_part = 0;
  }
  Query& query = outline.query;
  query.objective = {};
  query.result_count = 1;
  const Plans found = FindPlans(outline.problem, query, stop);
  if (!found.plans.empty() || found.bound) return;
  throw NoPlanError(ExplainNoPlan(outline.problem, query, "", stop));
}

bool MayUse(const Query& query, int host) {
  return std::none_of(query.constraints.begin(), query.constraints.end(),
                      [host](const Constraint& constraint) {
                        const auto* rule = std::get_if<UseRule>(&constraint.rule);
                        return rule != nullptr && !rule->used && Contains(constraint.hosts, host);
                      });
}

}  // namespace

StudyQuery MakeStudyQuery(const QueryOptions& options, const std::string& model, LayerRange layers,
                          const std::vector<std::string>& workers, const Hosts& facts) {
  std::vector<std::string> warnings;
  const std::vector<Profile> profiles = Placeholders(model, layers, workers, facts);
  const auto hosts = SelectModel(profiles, model, warnings);
  ParseCodecs(options);
  const Stop stop = StopAfterTimeLimit(options);
  QueryOptions without_figures = options;
  without_figures.codecs.clear();
  StudyQuery study;
  study.outline = MakeProblem(without_figures, hosts, PlaceholderLinks(workers), facts, warnings);
  study.query = MakeQuery(options, study.outline);
  RequirePlan(MakeTask(options, study.outline, study.query, facts), stop);
  for (const std::string& worker : workers) {
    const int host = study.outline.FindHost(worker);
    const bool is_source = Contains(study.outline.sources, host);
    if (is_source || MayUse(study.query, host)) study.hosts.push_back(worker);
  }
  return study;
}

}  // namespace scission
