#include "plan/route.h"

#include <algorithm>
#include <numeric>

namespace scission {
namespace {

Seconds StageTime(const Problem& problem, const RouteStage& stage) {
  return problem.host(stage.host)
      .times.Time(static_cast<std::size_t>(stage.first_block),
                  static_cast<std::size_t>(stage.last_block));
}

/// Calls `visit(from, to, bytes)` for each hop, in order.
template <typename Visit>
void ForEachHop(const Problem& problem, const Route& route, const Visit& visit) {
  int at = route.source;
  for (const RouteStage& stage : route.stages) {
    if (at != stage.host) visit(at, stage.host, problem.BytesBefore(stage.first_block, at));
    at = stage.host;
  }
}

/// Whether a route obeys a rule about some hosts, one kind of rule each.
struct Judge {
  const Problem& problem;
  const Route& route;
  const std::vector<int>& hosts;

  bool operator()(const UseRule& rule) const { return Use().used == rule.used; }
  bool operator()(const LayerRule& rule) const {
    const int block = problem.BlockOf(rule.layer);
    const auto stage =
        std::find_if(route.stages.begin(), route.stages.end(),
                     [&](const RouteStage& candidate) { return block <= candidate.last_block; });
    return Contains(hosts, stage->host) == rule.inside;
  }
  bool operator()(const HostRule& rule) const {
    return Use().used &&
           std::all_of(route.stages.begin(), route.stages.end(), [&](const RouteStage& stage) {
             return !Contains(hosts, stage.host) ||
                    Contains(rule.named, stage.host) == rule.allowed;
           });
  }
  bool operator()(const UploadLimit& rule) const { return Use().sent <= rule.limit; }
  bool operator()(const TimeLimit& rule) const { return Use().compute <= rule.limit; }
  bool operator()(const TimeShareLimit& rule) const {
    return Use().compute * 100 <= ComputeTime(problem, route) * rule.percent;
  }
  bool operator()(const SegmentRule& rule) const {
    return std::all_of(route.stages.begin(), route.stages.end(), [&](const RouteStage& stage) {
      const int layers = problem.LayerCount(stage.first_block, stage.last_block);
      return !Contains(hosts, stage.host) ||
             (rule.min_layers <= layers && layers <= rule.max_layers);
    });
  }
  bool operator()(const PrivateRule& rule) const {
    const RouteStage& first = route.stages.front();
    return first.host == route.source && problem.BlockOf(rule.last_layer) <= first.last_block;
  }
  bool operator()(const LinkRule& rule) const {
    bool is_met = true;
    ForEachHop(problem, route, [&](int from, int to, Bytes) {
      is_met = is_met && !(Contains(hosts, from) && to == rule.to);
    });
    return is_met;
  }
  bool operator()(const StageLimit& rule) const {
    return static_cast<int>(route.stages.size()) <= rule.count;
  }

  HostsUse Use() const { return UseOf(problem, route, hosts); }
};

}  // namespace

HostsUse UseOf(const Problem& problem, const Route& route, const std::vector<int>& hosts) {
  HostsUse use;
  for (const RouteStage& stage : route.stages) {
    if (!Contains(hosts, stage.host)) continue;
    use.used = true;
    use.compute += StageTime(problem, stage);
  }
  ForEachHop(problem, route, [&](int from, int, Bytes bytes) {
    if (Contains(hosts, from)) use.sent += bytes;
  });
  return use;
}

Seconds ComputeTime(const Problem& problem, const Route& route) {
  return std::accumulate(
      route.stages.begin(), route.stages.end(), Seconds(0),
      [&](Seconds sum, const RouteStage& stage) { return sum + StageTime(problem, stage); });
}

bool Meets(const Problem& problem, const Route& route, const Query& query) {
  return std::all_of(query.constraints.begin(), query.constraints.end(),
                     [&](const Constraint& constraint) {
                       return std::visit(Judge{problem, route, constraint.hosts}, constraint.rule);
                     });
}

Plan MakePlan(const Problem& problem, const Route& route) {
  Plan plan;
  plan.source = problem.host(route.source).name;
  for (const RouteStage& stage : route.stages) {
    const ProblemHost& host = problem.host(stage.host);
    const auto first = static_cast<std::size_t>(stage.first_block);
    const auto last = static_cast<std::size_t>(stage.last_block);
    plan.stages.push_back({host.name, host.tier, problem.blocks[first].first_layer,
                           problem.blocks[last].last_layer, StageTime(problem, stage),
                           host.times.Origin(first, last) == SegmentOrigin::kMeasured});
    plan.compute += plan.stages.back().compute;
  }
  ForEachHop(problem, route, [&](int from, int to, Bytes bytes) {
    const Seconds time = TransferTime(bytes, *problem.FindLink(from, to));
    plan.hops.push_back({problem.host(from).name, problem.host(to).name, bytes, time});
    plan.transfer += time;
    plan.sent += bytes;
  });
  plan.latency = plan.compute + plan.transfer;
  return plan;
}

}  // namespace scission
