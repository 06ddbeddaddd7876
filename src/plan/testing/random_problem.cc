#include "plan/testing/random_problem.h"

#include <numeric>

#include "plan/replies.h"
#include "plan/testing/profile_builder.h"

namespace scission::testing {
namespace {

/// What profiles and network do not tell.
void AddFacts(const RandomInstance& instance, Problem& problem) {
  problem.returns_output = instance.returns_output;
  problem.may_revisit = instance.may_revisit;
  problem.link_facts.resize(problem.links.size());
  for (const RandomHost& host : instance.hosts) {
    ProblemHost& known = problem.hosts[static_cast<std::size_t>(problem.FindHost(host.name))];
    known.startup = Seconds(host.startup);
    known.startup_part = host.startup_part;
    known.watts = host.watts;
    known.price_per_hour = host.price_per_hour;
    known.weight_bytes.clear();
    known.peak_bytes.clear();
    for (const double bytes : host.weights) known.weight_bytes.push_back({bytes});
    for (const double bytes : host.peak) known.peak_bytes.push_back({bytes});
  }
  for (const auto& [hosts, facts] : instance.link_facts) {
    const auto link =
        static_cast<std::size_t>(problem.FindHost(hosts.first)) * problem.hosts.size() +
        static_cast<std::size_t>(problem.FindHost(hosts.second));
    problem.link_facts[link] = facts;
  }
}

}  // namespace

Problem ToProblem(const RandomInstance& instance) {
  std::vector<Profile> profiles;
  for (const RandomHost& host : instance.hosts) profiles.push_back(ToProfile(host));
  Problem problem = MakeProblem(profiles, instance.network, instance.input);
  problem.sources.clear();
  for (int number = 0; number < problem.host_count(); ++number) {
    for (const RandomHost& host : instance.hosts) {
      if (host.is_source && host.name == problem.host(number).name) {
        problem.sources.push_back(number);
      }
    }
  }
  AddFacts(instance, problem);
  if (instance.counts_replies) CountReplies(problem);
  return problem;
}

Query ToQuery(const RandomInstance& instance, const Problem& problem) {
  Query query;
  const auto add = [&](const std::vector<int>& hosts, const Rule& rule) {
    Constraint constraint;
    constraint.hosts = hosts;
    constraint.rule = rule;
    query.constraints.push_back(constraint);
  };
  std::vector<int> all(problem.hosts.size());
  std::iota(all.begin(), all.end(), 0);
  if (instance.max_stages != kNone) add({}, StageLimit{instance.max_stages});
  if (instance.min_layers != kNone) add(all, SegmentRule{.min_layers = instance.min_layers});
  if (instance.max_layers != kNone) add(all, SegmentRule{.max_layers = instance.max_layers});
  if (instance.private_layer != kNone) add({}, PrivateRule{instance.private_layer});
  for (const auto& [metric, limit] : instance.limits) {
    add({}, ObjectiveLimit{ParseObjective("", metric), limit * (1 + 1e-12)});
  }
  for (const RandomHost& host : instance.hosts) {
    if (host.memory != kNone) add({problem.FindHost(host.name)}, MemoryLimit{{host.memory}});
  }
  query.objective.terms.clear();
  for (const auto& [metric, weight] : instance.objective) {
    query.objective.terms.push_back({ParseObjective("", metric).terms[0].metric, weight});
  }
  if (instance.excluded_link) {
    const auto& [from, to] = *instance.excluded_link;
    add({problem.FindHost(from)}, LinkRule{problem.FindHost(to)});
  }
  for (const auto& [tier, texts] : instance.texts) {
    const std::vector<int> hosts = problem.HostsOf(tier);
    for (Constraint& constraint : ParseCriteria(problem, "--" + tier, hosts, texts.criteria)) {
      query.constraints.push_back(std::move(constraint));
    }
    if (!texts.upload.empty()) {
      query.constraints.push_back(ParseUploadLimit("--upload", hosts, texts.upload));
    }
    if (!texts.time.empty())
      query.constraints.push_back(ParseTimeLimit("--time", hosts, texts.time));
  }
  return query;
}

}  // namespace scission::testing
