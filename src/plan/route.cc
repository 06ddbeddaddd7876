#include "plan/route.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace scission {
namespace {

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

Seconds StageTime(const Problem& problem, const RouteStage& stage) {
  return problem.host(stage.host).StageTime(stage.first_block, stage.last_block);
}

/// The longest that a host or a link is busy.
Seconds Period(const Problem& problem, const Route& route) {
  std::map<std::pair<int, int>, Seconds> busy;  // hosts as (host, host)
  for (const RouteStage& stage : route.stages) {
    busy[{stage.host, stage.host}] += StageTime(problem, stage);
  }
  ForEachHop(problem, route, [&](int from, int to, const Packing& packing) {
    busy[{from, to}] += problem.HopTime(from, to, packing);
  });
  Seconds longest{0};
  for (const auto& [place, time] : busy) longest = std::max(longest, time);
  return longest;
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
    return Use().compute * 100 <= TotalsOf(problem, route).compute * rule.percent;
  }
  bool operator()(const SegmentRule& rule) const {
    return std::all_of(route.stages.begin(), route.stages.end(), [&](const RouteStage& stage) {
      const int layers = problem.LayerCount(stage.first_block, stage.last_block);
      return !Contains(hosts, stage.host) ||
             (rule.min_layers <= layers && layers <= rule.max_layers &&
              rule.first_layer <= problem.blocks[Index(stage.first_block)].first_layer &&
              problem.blocks[Index(stage.last_block)].last_layer <= rule.last_layer);
    });
  }
  bool operator()(const PrivateRule& rule) const {
    const RouteStage& first = route.stages.front();
    return first.host == route.source && problem.BlockOf(rule.last_layer) <= first.last_block;
  }
  bool operator()(const LinkRule& rule) const {
    bool is_met = true;
    ForEachHop(problem, route, [&](int from, int to, const Packing&) {
      is_met = is_met && !(Contains(hosts, from) && to == rule.to);
    });
    return is_met;
  }
  bool operator()(const StageLimit& rule) const {
    std::set<int> used;
    for (const RouteStage& stage : route.stages) used.insert(stage.host);
    return static_cast<int>(used.size()) <= rule.count;
  }
  bool operator()(const MemoryLimit& rule) const {
    return std::all_of(hosts.begin(), hosts.end(),
                       [&](int host) { return MemoryOf(problem, route, host) <= rule.limit; });
  }
  bool operator()(const ObjectiveLimit& rule) const {
    return rule.objective.ValueOf(TotalsOf(problem, route)) <= rule.limit;
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
  ForEachHop(problem, route, [&](int from, int to, const Packing& packing) {
    if (Contains(hosts, from)) use.sent += packing.bytes;
    if (Contains(hosts, to)) use.sent += problem.ReplyOf(to);
  });
  return use;
}

Bytes MemoryOf(const Problem& problem, const Route& route, int host) {
  Bytes weights;
  Bytes peak;
  for (const RouteStage& stage : route.stages) {
    if (stage.host != host) continue;
    for (int block = stage.first_block; block <= stage.last_block; ++block) {
      weights += problem.host(host).weight_bytes[static_cast<std::size_t>(block)];
      peak = std::max(peak, problem.host(host).peak_bytes[static_cast<std::size_t>(block)]);
    }
  }
  return weights + peak;
}

Totals TotalsOf(const Problem& problem, const Route& route) {
  constexpr double kHour = 3600;
  Totals totals;
  for (const RouteStage& stage : route.stages) {
    const ProblemHost& host = problem.host(stage.host);
    const Seconds time = StageTime(problem, stage);
    totals.compute += time;
    totals.joules += time.count() * host.watts;
    totals.price += time.count() * host.price_per_hour / kHour;
  }
  ForEachHop(problem, route, [&](int from, int to, const Packing& packing) {
    totals.transfer += problem.HopTime(from, to, packing);
    const auto carry = [&totals](Bytes bytes, const LinkFacts& facts) {
      totals.sent += bytes;
      totals.joules += bytes.count * facts.joules_per_byte;
      totals.price += bytes.count * facts.price_per_byte;
    };
    carry(packing.bytes, problem.FactsOf(from, to));
    carry(problem.ReplyOf(to), problem.FactsOf(to, from));
  });
  totals.entry = problem.EntryTime(route.source);
  totals.latency = totals.compute + totals.transfer + totals.entry;
  totals.period = Period(problem, route);
  return totals;
}

bool Meets(const Problem& problem, const Route& route, const Query& query) {
  return std::all_of(query.constraints.begin(), query.constraints.end(),
                     [&](const Constraint& constraint) {
                       return std::visit(Judge{problem, route, constraint.hosts}, constraint.rule);
                     });
}

Plan MakePlan(const Problem& problem, const Route& route) {
  Plan plan{TotalsOf(problem, route), problem.host(route.source).name, {}, {}};
  for (const RouteStage& stage : route.stages) {
    const ProblemHost& host = problem.host(stage.host);
    const auto first = static_cast<std::size_t>(stage.first_block);
    const auto last = static_cast<std::size_t>(stage.last_block);
    const Seconds time = StageTime(problem, stage);
    plan.stages.push_back(
        {host.name, host.tier, problem.blocks[first].first_layer, problem.blocks[last].last_layer,
         time, host.times.Origin(first, last), host.times.Deviation(first, last), host.threads,
         host.startup + host.SegmentTime(stage.first_block, stage.last_block) * host.startup_part,
         host.pace_deviation});
  }
  ForEachHop(problem, route, [&](int from, int to, const Packing& packing) {
    plan.hops.push_back({problem.host(from).name, problem.host(to).name, packing.bytes,
                         problem.HopTime(from, to, packing), problem.CodecName(packing),
                         problem.ReplyOf(to)});
  });
  return plan;
}

}  // namespace scission
