#include "plan/search.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace scission {
namespace {

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

/// What `host` sends to the next one when its segment ends with `last_block`.
Bytes SentBehind(const Problem& problem, int host, int last_block) {
  if (last_block + 1 == problem.block_count()) return Bytes{};
  return problem.hosts[Index(host)].output_bytes[Index(last_block)];
}

TierUse UseOf(const Problem& problem, const TierChoice& choice) {
  const ProblemHost& host = problem.hosts[Index(choice.host)];
  return {&host.name, problem.blocks[Index(choice.first_block)].first_layer,
          problem.blocks[Index(choice.last_block)].last_layer,
          SentBehind(problem, choice.host, choice.last_block),
          host.times.Time(Index(choice.first_block), Index(choice.last_block))};
}

/// An unused tier sends nothing; but a device that runs nothing sends the input.
TierUse UnusedTier(const Problem& problem, int tier) {
  TierUse use;
  if (tier == 0 && problem.hosts.front().tier == 0) use.sent = problem.input;
  return use;
}

/// A plan under construction.
struct Partial {
  Candidate candidate;
  int at = -1;         ///< the host where the data are; -1: nowhere yet
  int next_block = 0;  ///< the first one that has no host yet
  Bytes data;          ///< what the next hop carries
};

/// Everything that does not depend on the rest of the plan is decided once for each segment, in
/// tables; the depth-first search over the tiers only looks it up.
class Search {
 public:
  Search(const Problem& problem, const Query& query, const Visitor& visit)
      : problem_(problem), query_(query), visit_(visit) {
    for (const Constraint& constraint : query.constraints) {
      const bool is_share = std::holds_alternative<TimeShareLimit>(constraint.rule);
      (is_share ? shares_ : rules_[Index(constraint.tier)]).push_back(&constraint);
    }
    for (int tier = 0; tier < kTierCount; ++tier) {
      may_be_unused_[Index(tier)] = Allowed(tier, UnusedTier(problem, tier));
    }
    for (int host = 0; host < problem.host_count(); ++host) {
      hosts_[Index(problem.hosts[Index(host)].tier)].push_back(host);
      allowed_.push_back(AllowedSegments(host));
    }
  }

  void Run() {
    if (hosts_[0].empty()) Extend(0, Partial{});
    for (const int source : hosts_[0]) {
      Partial start;
      start.candidate.source = source;
      start.at = source;
      start.data = problem_.input;
      Extend(0, start);
    }
  }

 private:
  bool Allowed(int tier, const TierUse& use) const {
    return std::all_of(
        rules_[Index(tier)].begin(), rules_[Index(tier)].end(),
        [&](const Constraint* constraint) { return Obeys(use, constraint->rule, Seconds(0)); });
  }

  std::vector<char> AllowedSegments(int host) const {
    const int blocks = problem_.block_count();
    std::vector<char> allowed(Index(blocks) * Index(blocks));
    for (int first = 0; first < blocks; ++first) {
      for (int last = first; last < blocks; ++last) {
        allowed[Index(first) * Index(blocks) + Index(last)] =
            Allowed(problem_.hosts[Index(host)].tier, UseOf(problem_, {host, first, last}));
      }
    }
    return allowed;
  }

  /// All ways to go on with `partial`, in which the tiers before `tier` are decided.
  void Extend(int tier, const Partial& partial) {
    if (tier == kTierCount) {
      if (partial.next_block == problem_.block_count()) Finish(partial.candidate);
      return;
    }
    if (may_be_unused_[Index(tier)]) Extend(tier + 1, partial);
    if (partial.next_block == problem_.block_count()) return;
    if (partial.candidate.stage_count == query_.max_stages) return;
    if (tier == 0 && partial.at >= 0) {
      UseHost(tier, partial.at, partial);
    } else {
      for (const int host : hosts_[Index(tier)]) UseHost(tier, host, partial);
    }
  }

  /// All segments that `host` can run next.
  void UseHost(int tier, int host, const Partial& partial) {
    Partial next = partial;
    if (partial.at >= 0 && partial.at != host) {
      const auto& link = problem_.FindLink(partial.at, host);
      if (!link) return;
      next.candidate.transfer += TransferTime(partial.data, *link);
      if (next.candidate.compute + next.candidate.transfer > limit_) return;
    }
    next.at = host;
    ++next.candidate.stage_count;

    const int first = partial.next_block;
    const int end = problem_.block_count();
    const bool is_final = tier + 1 == kTierCount || next.candidate.stage_count == query_.max_stages;
    const ProblemHost& runner = problem_.hosts[Index(host)];
    const char* allowed = &allowed_[Index(host)][Index(first) * Index(end)];
    for (int last = is_final ? end - 1 : first; last < end; ++last) {
      if (!allowed[last]) continue;
      next.candidate.compute =
          partial.candidate.compute + runner.times.Time(Index(first), Index(last));
      // Costs only grow, in floating point too, so this never drops a plan within the limit.
      if (next.candidate.compute + next.candidate.transfer > limit_) continue;
      next.candidate.tiers[Index(tier)] = {host, first, last};
      next.next_block = last + 1;
      next.data = SentBehind(problem_, host, last);
      Extend(tier + 1, next);
    }
  }

  void Finish(Candidate candidate) {
    candidate.latency = candidate.compute + candidate.transfer;
    if (candidate.latency > limit_) return;
    for (const Constraint* share : shares_) {
      const TierUse use = scission::UseOf(problem_, candidate, share->tier);
      if (!Obeys(use, share->rule, candidate.compute)) return;
    }
    limit_ = visit_(candidate);
  }

  const Problem& problem_;
  const Query& query_;
  const Visitor& visit_;
  Seconds limit_{std::numeric_limits<double>::infinity()};
  std::array<std::vector<const Constraint*>, kTierCount> rules_;
  std::vector<const Constraint*> shares_;
  std::array<bool, kTierCount> may_be_unused_{};
  std::array<std::vector<int>, kTierCount> hosts_;
  std::vector<std::vector<char>> allowed_;  ///< [host][first block * blocks + last block]
};

Stage MakeStage(const Problem& problem, const TierChoice& choice) {
  const ProblemHost& host = problem.hosts[Index(choice.host)];
  const TierUse use = UseOf(problem, choice);
  return {
      host.name,       kTiers[Index(host.tier)],
      use.first_layer, use.last_layer,
      use.compute,     host.times.Measured(Index(choice.first_block), Index(choice.last_block))};
}

Hop MakeHop(const Problem& problem, int from, int to, Bytes bytes) {
  return {problem.hosts[Index(from)].name, problem.hosts[Index(to)].name, bytes,
          TransferTime(bytes, *problem.FindLink(from, to))};
}

}  // namespace

void VisitPlans(const Problem& problem, const Query& query, const Visitor& visit) {
  Search(problem, query, visit).Run();
}

TierUse UseOf(const Problem& problem, const Candidate& candidate, int tier) {
  const TierChoice& choice = candidate.tiers[Index(tier)];
  return choice.host < 0 ? UnusedTier(problem, tier) : UseOf(problem, choice);
}

Plan MakePlan(const Problem& problem, const Candidate& candidate) {
  Plan plan;
  plan.compute = candidate.compute;
  plan.transfer = candidate.transfer;
  plan.latency = candidate.latency;
  if (candidate.source >= 0) plan.source = problem.hosts[Index(candidate.source)].name;
  int at = candidate.source;
  Bytes data = problem.input;
  for (const TierChoice& choice : candidate.tiers) {
    if (choice.host < 0) continue;
    if (at >= 0 && at != choice.host) {
      plan.hops.push_back(MakeHop(problem, at, choice.host, data));
      plan.sent += data;
    }
    plan.stages.push_back(MakeStage(problem, choice));
    at = choice.host;
    data = SentBehind(problem, choice.host, choice.last_block);
  }
  return plan;
}

}  // namespace scission
