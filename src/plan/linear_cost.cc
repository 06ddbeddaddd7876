#include "plan/linear_cost.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "plan/query.h"

namespace scission {
namespace {

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

/// Of a second of computing.
double SecondCost(const ProblemHost& host, Metric metric) {
  constexpr double kHour = 3600;
  if (metric == Metric::kLatency) return 1;
  if (metric == Metric::kEnergy) return host.watts;
  return metric == Metric::kCost ? host.price_per_hour / kHour : 0;
}

/// Adds what the link costs, if there is one. That from a host to itself takes time alone.
void AddLink(const Problem& problem, Metric metric, int from, int to, LinearCost& cost) {
  const auto& link = problem.FindLink(from, to);
  if (!link || (from == to && metric != Metric::kLatency)) return;
  const std::size_t i = Index(from) * problem.hosts.size() + Index(to);
  const auto carry = [&](double per_byte, double per_byte_back) {
    cost.hop_per_byte[i] += per_byte;
    cost.hop_fixed[i] += problem.ReplyOf(to).count * per_byte_back;
  };
  const LinkFacts there = problem.FactsOf(from, to);
  const LinkFacts back = problem.FactsOf(to, from);
  if (metric == Metric::kLatency) {
    cost.hop_fixed[i] += link->latency.count();
    cost.hop_per_byte[i] += 1 / link->bytes_per_second;
    cost.hop_per_second[i] += 1;
  } else if (metric == Metric::kBytes) {
    carry(1, 1);
  } else if (metric == Metric::kEnergy) {
    carry(there.joules_per_byte, back.joules_per_byte);
  } else {
    carry(there.price_per_byte, back.price_per_byte);
  }
}

}  // namespace

LinearCost NoCost(const Problem& problem) {
  LinearCost cost;
  cost.per_second.assign(problem.hosts.size(), 0);
  cost.per_stage.assign(problem.hosts.size(), 0);
  cost.hop_fixed.assign(problem.links.size(), std::numeric_limits<double>::infinity());
  cost.hop_per_byte.assign(problem.links.size(), 0);
  cost.hop_per_second.assign(problem.links.size(), 0);
  for (int from = 0; from < problem.host_count(); ++from) {
    for (int to = 0; to < problem.host_count(); ++to) {
      if (from != to && !problem.FindLink(from, to)) continue;
      cost.hop_fixed[Index(from) * problem.hosts.size() + Index(to)] = 0;
    }
  }
  return cost;
}

LinearCost MetricCost(const Problem& problem, Metric metric) {
  assert(metric != Metric::kPeriod);
  LinearCost cost = NoCost(problem);
  for (int host = 0; host < problem.host_count(); ++host) {
    cost.per_second[Index(host)] = SecondCost(problem.host(host), metric);
  }
  for (int from = 0; from < problem.host_count(); ++from) {
    for (int to = 0; to < problem.host_count(); ++to) AddLink(problem, metric, from, to, cost);
  }
  return cost;
}

LinearCost ObjectiveCost(const Problem& problem, const Objective& objective) {
  if (objective.single()) return MetricCost(problem, *objective.single());
  LinearCost cost = NoCost(problem);
  for (const Objective::Term& term : objective.terms) {
    cost = Sum(std::move(cost), MetricCost(problem, term.metric),
               term.weight * WeightUnit(term.metric));
  }
  return cost;
}

LinearCost Sum(LinearCost a, const LinearCost& b, double factor) {
  const auto add = [factor](std::vector<double>& to, const std::vector<double>& what) {
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (!std::isinf(to[i])) to[i] += what[i] * factor;
    }
  };
  add(a.per_second, b.per_second);
  add(a.hop_fixed, b.hop_fixed);
  add(a.hop_per_byte, b.hop_per_byte);
  add(a.hop_per_second, b.hop_per_second);
  return a;
}

LinearCost LinkTimeCost(const Problem& problem, int from, int to) {
  LinearCost cost = NoCost(problem);
  AddLink(problem, Metric::kLatency, from, to, cost);
  return cost;
}

LinearCost UploadCost(const Problem& problem, const std::vector<int>& hosts) {
  LinearCost cost = NoCost(problem);
  for (const int host : hosts) {
    for (int other = 0; other < problem.host_count(); ++other) {
      if (other == host) continue;
      cost.hop_per_byte[Index(host) * problem.hosts.size() + Index(other)] = 1;
      cost.hop_fixed[Index(other) * problem.hosts.size() + Index(host)] +=
          problem.ReplyOf(host).count;
    }
  }
  return cost;
}

LinearCost ComputeCost(const Problem& problem, const std::vector<int>& hosts, double share) {
  LinearCost cost = NoCost(problem);
  for (int host = 0; host < problem.host_count(); ++host) {
    cost.per_second[Index(host)] = (Contains(hosts, host) ? 1 : 0) - share;
  }
  return cost;
}

LinearCost Rounded(LinearCost cost, double typical, int max_stages) {
  const double granule = static_cast<double>(std::bit_ceil(static_cast<unsigned>(max_stages) + 1));
  const double factor =
      granule * std::pow(10, std::floor(std::log10(0x1p47 / (granule * typical))));
  for (auto* amounts :
       {&cost.per_second, &cost.hop_fixed, &cost.hop_per_byte, &cost.hop_per_second}) {
    for (double& amount : *amounts) amount *= factor;
  }
  cost.scale *= factor;
  cost.granule = granule;
  cost.per_stage.assign(cost.per_stage.size(), cost.counts_stages ? 1 : 0);
  return cost;
}

}  // namespace scission
