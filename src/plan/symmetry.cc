#include "plan/symmetry.h"

#include <algorithm>

namespace scission {
namespace {

/// Whether the links a > b and c > d are alike.
bool SameLink(const Problem& problem, int a, int b, int c, int d) {
  return problem.FindLink(a, b) == problem.FindLink(c, d) &&
         problem.FactsOf(a, b) == problem.FactsOf(c, d);
}

bool SameLinks(const Problem& problem, int a, int b) {
  if (!SameLink(problem, a, b, b, a) || !SameLink(problem, a, a, b, b)) return false;
  for (int other = 0; other < problem.host_count(); ++other) {
    if (other == a || other == b) continue;
    if (!SameLink(problem, a, other, b, other)) return false;
    if (!SameLink(problem, other, a, other, b)) return false;
  }
  return true;
}

bool SameHosts(const ProblemHost& a, const ProblemHost& b) {
  return a.startup == b.startup && a.startup_part == b.startup_part && a.watts == b.watts &&
         a.price_per_hour == b.price_per_hour && a.times == b.times &&
         a.output_bytes == b.output_bytes && a.weight_bytes == b.weight_bytes &&
         a.peak_bytes == b.peak_bytes && a.packed == b.packed;
}

/// Whether constraints and sources speak of both hosts or of neither.
bool SameRules(const Problem& problem, const Query& query, int a, int b) {
  const auto both_or_neither = [&](const std::vector<int>& hosts) {
    return Contains(hosts, a) == Contains(hosts, b);
  };
  return both_or_neither(problem.sources) &&
         std::all_of(query.constraints.begin(), query.constraints.end(),
                     [&](const Constraint& constraint) {
                       const auto* rule = std::get_if<HostRule>(&constraint.rule);
                       const auto* link = std::get_if<LinkRule>(&constraint.rule);
                       return both_or_neither(constraint.hosts) &&
                              (rule == nullptr || both_or_neither(rule->named)) &&
                              (link == nullptr || both_or_neither({link->to}));
                     });
}

}  // namespace

std::vector<int> HostClasses(const Problem& problem, const Query& query) {
  std::vector<int> representatives;
  std::vector<int> classes;
  for (int host = 0; host < problem.host_count(); ++host) {
    const auto found =
        std::find_if(representatives.begin(), representatives.end(), [&](int representative) {
          return SameHosts(problem.host(representative), problem.host(host)) &&
                 SameRules(problem, query, representative, host) &&
                 SameLinks(problem, representative, host);
        });
    classes.push_back(static_cast<int>(found - representatives.begin()));
    if (found == representatives.end()) representatives.push_back(host);
  }
  return classes;
}

}  // namespace scission
