#include "plan/symmetry.h"

#include <algorithm>

namespace scission {
namespace {

bool SameLink(const std::optional<Link>& a, const std::optional<Link>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->latency == b->latency && a->bytes_per_second == b->bytes_per_second;
}

bool SameLinks(const Problem& problem, int a, int b) {
  if (!SameLink(problem.FindLink(a, b), problem.FindLink(b, a))) return false;
  for (int other = 0; other < problem.host_count(); ++other) {
    if (other == a || other == b) continue;
    if (!SameLink(problem.FindLink(a, other), problem.FindLink(b, other))) return false;
    if (!SameLink(problem.FindLink(other, a), problem.FindLink(other, b))) return false;
  }
  return true;
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
          const ProblemHost& a = problem.host(representative);
          const ProblemHost& b = problem.host(host);
          return a.times == b.times && a.output_bytes == b.output_bytes &&
                 SameRules(problem, query, representative, host) &&
                 SameLinks(problem, representative, host);
        });
    classes.push_back(static_cast<int>(found - representatives.begin()));
    if (found == representatives.end()) representatives.push_back(host);
  }
  return classes;
}

}  // namespace scission
