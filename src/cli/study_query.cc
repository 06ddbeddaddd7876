#include "cli/study_query.h"

#include <algorithm>
#include <utility>

#include "cli/plan_task.h"
#include "profile/profile.h"

namespace scission {
namespace {

/// As if each host had measured the whole model as one block.
std::vector<Profile> Placeholders(const std::string& model, LayerRange layers,
                                  const std::vector<std::string>& workers, const Hosts& facts) {
  std::vector<Profile> profiles;
  for (const std::string& worker : workers) {
    ModelProfile whole;
    whole.model = model;
    whole.blocks = {{.first_layer = layers.first, .last_layer = layers.last}};
    whole.ranges = {{layers.first, layers.last, {Seconds(1)}}};
    Profile profile;
    profile.host.name = worker;
    profile.host.tier = facts.Find(worker)->tier;
    profile.models = {std::move(whole)};
    profiles.push_back(std::move(profile));
  }
  return profiles;
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
  StopAfterTimeLimit(options);
  QueryOptions without_figures = options;
  without_figures.codecs.clear();
  StudyQuery study;
  study.outline = MakeProblem(without_figures, hosts, {}, facts, warnings);
  study.query = MakeQuery(options, study.outline);
  MakeTask(options, study.outline, study.query, facts);  // refuses metrics without figures
  for (const std::string& worker : workers) {
    const int host = study.outline.FindHost(worker);
    const bool is_source = Contains(study.outline.sources, host);
    if (is_source || MayUse(study.query, host)) study.hosts.push_back(worker);
  }
  return study;
}

}  // namespace scission
