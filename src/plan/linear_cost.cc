#include "plan/linear_cost.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "plan/query.h"

namespace scission {
namespace {

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

/// Costs nothing, and knows which links there are.
LinearCost NoCost(const Problem& problem) {
  LinearCost cost;
  cost.per_second.assign(problem.hosts.size(), 0);
  cost.per_stage.assign(problem.hosts.size(), 0);
  cost.hop_fixed.assign(problem.links.size(), std::numeric_limits<double>::infinity());
  cost.hop_per_byte.assign(problem.links.size(), 0);
  for (int from = 0; from < problem.host_count(); ++from) {
    for (int to = 0; to < problem.host_count(); ++to) {
      if (from == to || !problem.FindLink(from, to)) continue;
      cost.hop_fixed[Index(from) * problem.hosts.size() + Index(to)] = 0;
    }
  }
  return cost;
}

}  // namespace

LinearCost LatencyCost(const Problem& problem) {
  LinearCost cost = NoCost(problem);
  cost.per_second.assign(problem.hosts.size(), 1);
  for (std::size_t i = 0; i < problem.links.size(); ++i) {
    if (!problem.links[i]) continue;
    cost.hop_fixed[i] += problem.links[i]->latency.count();
    cost.hop_per_byte[i] = 1 / problem.links[i]->bytes_per_second;
  }
  return cost;
}

LinearCost UploadCost(const Problem& problem, const std::vector<int>& hosts) {
  LinearCost cost = NoCost(problem);
  for (const int from : hosts) {
    const auto row =
        cost.hop_per_byte.begin() + static_cast<std::ptrdiff_t>(Index(from) * problem.hosts.size());
    std::fill_n(row, problem.hosts.size(), 1.0);
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
  for (auto* amounts : {&cost.per_second, &cost.hop_fixed, &cost.hop_per_byte}) {
    for (double& amount : *amounts) amount *= factor;
  }
  cost.scale *= factor;
  cost.granule = granule;
  cost.per_stage.assign(cost.per_stage.size(), 1);
  return cost;
}

}  // namespace scission
