#include "plan/facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace scission {

void AddFacts(const Hosts& hosts, Problem& problem) {
  for (ProblemHost& host : problem.hosts) {
    const HostFacts* facts = hosts.Find(host.name);
    if (facts == nullptr) continue;
    host.watts = facts->watts.value_or(0);
    host.price_per_hour = facts->price_per_hour.value_or(0);
    if (facts->startup > Seconds(0)) {
      host.startup = facts->startup;
      host.startup_part = 0;
    }
  }
  problem.link_facts.clear();
  for (const ProblemHost& from : problem.hosts) {
    for (const ProblemHost& to : problem.hosts) {
      problem.link_facts.push_back(hosts.OfLink(from.name, to.name));
    }
  }
}

std::vector<Constraint> MemoryLimits(const Hosts& hosts, const Problem& problem) {
  std::vector<Constraint> limits;
  for (int number = 0; number < problem.host_count(); ++number) {
    const HostFacts* facts = hosts.Find(problem.host(number).name);
    if (facts == nullptr || !facts->memory) continue;
    limits.push_back({{number},
                      MemoryLimit{*facts->memory},
                      fmt::format("memory of {} in {}", facts->name, hosts.file),
                      fmt::format("{:g} MB", ToMegabytes(*facts->memory))});
  }
  return limits;
}

std::vector<Constraint> HostedLimits(const Hosts& hosts, const Problem& problem) {
  std::vector<Constraint> limits;
  for (int number = 0; number < problem.host_count(); ++number) {
    const HostFacts* facts = hosts.Find(problem.host(number).name);
    if (facts == nullptr || !facts->hosted) continue;
    const auto& [model, first, last] = *facts->hosted;
    limits.push_back(
        {{number},
         SegmentRule{.min_layers = last - first + 1, .first_layer = first, .last_layer = last},
         fmt::format("layers of {} in {}", facts->name, hosts.file),
         fmt::format("{}-{}", first, last)});
  }
  return limits;
}

void RequireFacts(const Problem& problem, Metric metric, const std::string& option) {
  const bool is_energy = metric == Metric::kEnergy;
  if (!is_energy && metric != Metric::kCost) return;
  const bool has_host = std::any_of(
      problem.hosts.begin(), problem.hosts.end(),
      [&](const ProblemHost& host) { return (is_energy ? host.watts : host.price_per_hour) > 0; });
  const bool has_link = std::any_of(
      problem.link_facts.begin(), problem.link_facts.end(), [&](const LinkFacts& facts) {
        return (is_energy ? facts.joules_per_byte : facts.price_per_byte) > 0;
      });
  if (has_host || has_link) return;
  throw InputError(option, fmt::format("needs the {} of the hosts, in a file given with --hosts",
                                       is_energy ? "watts" : "prices"));
}

}  // namespace scission
