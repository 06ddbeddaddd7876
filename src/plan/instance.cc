#include "plan/instance.h"

#include <algorithm>
#include <limits>
#include <span>

namespace scission {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Each group doubles the modes, and each stage of a small limit adds a layer of them. What is
/// beyond is found out when a plan is complete.
constexpr std::size_t kMaxGroups = 4;
constexpr int kMaxLayers = 8;

/// What rounding can amount to in a sum, as a part of it.
constexpr double kSlack = 1e-12;

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

/// Of the whole model on one host.
double LongestTime(const Problem& problem) {
  double longest = 0;
  for (const ProblemHost& host : problem.hosts) {
    longest = std::max(longest, host.times.Time(0, problem.blocks.size() - 1).count());
  }
  return longest;
}

/// `x` + and - this rounds to a multiple of `granule`, in two operations that vectorise.
double RoundingConstant(double granule) { return 0x1.8p52 * granule; }

}  // namespace

Instance::Instance(const Problem& problem, const Query& query)
    : problem_(problem),
      max_stages_(problem.may_revisit ? problem.block_count()
                                      : std::min(problem.block_count(), problem.host_count())),
      max_hosts_(problem.host_count()),
      segment_min_end_(problem.hosts.size() * problem.blocks.size()),
      segment_end_(problem.hosts.size() * problem.blocks.size(), problem.block_count()),
      stage_seconds_(problem.hosts.size(), kInfinity),
      hop_bytes_(problem.hosts.size(), kInfinity),
      hop_seconds_(kInfinity),
      excluded_hops_(problem.hosts.size()),
      group_bits_(problem.hosts.size()),
      counted_bits_(problem.hosts.size()) {
  for (const Constraint& constraint : query.constraints) {
    std::visit([&](const auto& rule) { Apply(constraint.hosts, rule); }, constraint.rule);
  }
}

void Instance::Apply(const Hosts& hosts, const UseRule& rule) {
  if (rule.used) return MustUse(hosts);
  for (const int host : hosts) Exclude(host);
}

void Instance::Apply(const Hosts& hosts, const LayerRule& rule) {
  for (int host = 0; host < host_count(); ++host) {
    if (Contains(hosts, host) != rule.inside) Forbid(host, rule.layer);
  }
}

void Instance::Apply(const Hosts& hosts, const HostRule& rule) {
  MustUse(hosts);
  for (const int host : hosts) {
    if (Contains(rule.named, host) != rule.allowed) Exclude(host);
  }
}

void Instance::Apply(const Hosts& hosts, const UploadLimit& rule) {
  for (const int host : hosts) {
    hop_bytes_[Index(host)] = std::min(hop_bytes_[Index(host)], rule.limit.count);
  }
  // A single host sends once; but a source may send the input, and later what it has computed, and
  // where answers count a host sends one besides what it hands on.
  const bool sends_once = hosts.size() == 1 && !Contains(sources(), hosts[0]) && !may_revisit() &&
                          !problem_.counts_replies();
  if (hosts.empty() || sends_once) return;
  budgets_.push_back({UploadCost(problem_, hosts), rule.limit.count * (1 + kSlack)});
}

void Instance::Apply(const Hosts& hosts, const TimeLimit& rule) {
  for (const int host : hosts) {
    stage_seconds_[Index(host)] = std::min(stage_seconds_[Index(host)], rule.limit.count());
  }
  if (hosts.empty() || (hosts.size() == 1 && !may_revisit())) return;
  budgets_.push_back({ComputeCost(problem_, hosts), rule.limit.count() * (1 + kSlack)});
}

void Instance::Apply(const Hosts& hosts, const TimeShareLimit& rule) {
  // Terms of both signs cancel, so the slack is that of the whole.
  budgets_.push_back(
      {ComputeCost(problem_, hosts, rule.percent / 100), kSlack * LongestTime(problem_)});
}

void Instance::Apply(const Hosts& hosts, const SegmentRule& rule) {
  for (const int host : hosts) {
    for (int first = 0; first < block_count(); ++first) {
      int& min_end = segment_min_end_[Segment(host, first)];
      int& end = segment_end_[Segment(host, first)];
      if (problem_.blocks[Index(first)].first_layer < rule.first_layer) end = 0;
      for (int last = first; last < block_count(); ++last) {
        const int layers = problem_.LayerCount(first, last);
        if (problem_.blocks[Index(last)].last_layer > rule.last_layer) end = std::min(end, last);
        if (layers < rule.min_layers) min_end = std::max(min_end, last + 2);
        if (layers > rule.max_layers) end = std::min(end, last);
      }
    }
  }
}

void Instance::Apply(const Hosts&, const PrivateRule& rule) {
  const int last_block = problem_.BlockOf(rule.last_layer);
  may_send_input_ = false;
  for (int host = 0; host < host_count(); ++host) {
    int& min_end = segment_min_end_[Segment(host, 0)];
    min_end = std::max(min_end, last_block + 1);
  }
}

void Instance::Apply(const Hosts& hosts, const LinkRule& rule) {
  for (const int host : hosts) excluded_hops_[Index(host)].push_back(rule.to);
}

void Instance::Apply(const Hosts&, const StageLimit& rule) {
  max_hosts_ = std::min(max_hosts_, rule.count);
  if (may_revisit()) return;  // stages are more than hosts then
  max_stages_ = std::min(max_stages_, rule.count);
  if (max_stages_ < kMaxLayers) layer_count_ = max_stages_ + 1;
}

void Instance::Apply(const Hosts& hosts, const MemoryLimit& rule) {
  if (may_revisit()) knows_all_ = false;  // the stages of a host add up
  for (const int number : hosts) {
    const ProblemHost& host = problem_.host(number);
    for (int first = 0; first < block_count(); ++first) {
      int& end = segment_end_[Segment(number, first)];
      Bytes weights;
      Bytes peak;
      for (int block = first; block < end; ++block) {
        weights += host.weight_bytes[Index(block)];
        peak = std::max(peak, host.peak_bytes[Index(block)]);
        if (weights + peak > rule.limit) end = block;
      }
    }
  }
}

void Instance::Apply(const Hosts&, const ObjectiveLimit& rule) {
  if (rule.objective.single() == Metric::kPeriod) return LimitPeriod(rule.limit);
  budgets_.push_back({ObjectiveCost(problem_, rule.objective), rule.limit * (1 + kSlack)});
}

/// Of distinct hosts, each has one stage and each link one hop.
void Instance::LimitPeriod(double seconds) {
  hop_seconds_ = std::min(hop_seconds_, seconds);
  for (double& limit : stage_seconds_) limit = std::min(limit, seconds);
  if (!may_revisit()) return;
  const double limit = seconds * (1 + kSlack);
  for (int from = 0; from < host_count(); ++from) {
    budgets_.push_back({ComputeCost(problem_, {from}), limit});
    for (int to = 0; to < host_count(); ++to) {
      if (from == to || !problem_.FindLink(from, to)) continue;
      budgets_.push_back({LinkTimeCost(problem_, from, to), limit});
    }
  }
}

void Instance::Count(const Hosts& hosts) {
  for (const int host : hosts) {
    counted_bits_[Index(host)] = 1 << (groups_.size() + Index(counted_count_++));
  }
}

void Instance::Exclude(int host) {
  const auto begin = segment_end_.begin() + static_cast<std::ptrdiff_t>(host) * block_count();
  std::fill_n(begin, block_count(), 0);
}

void Instance::Forbid(int host, int layer) {
  const int forbidden = problem_.BlockOf(layer);
  for (int first = 0; first <= forbidden; ++first) {
    int& end = segment_end_[Segment(host, first)];
    end = std::min(end, forbidden);
  }
}

void Instance::MustUse(const std::vector<int>& hosts) {
  if (std::find(groups_.begin(), groups_.end(), hosts) != groups_.end()) return;
  if (groups_.size() == kMaxGroups) {
    knows_all_ = false;
    return;
  }
  for (const int host : hosts) group_bits_[Index(host)] |= 1 << groups_.size();
  groups_.push_back(hosts);
}

int Instance::StageRow(const LinearCost& cost, int host, int first, double* row) const {
  const int count = segment_end_[Segment(host, first)] - first;
  if (count <= 0) return 0;
  problem_.host(host).times.Row(Index(first), std::span(row, Index(count)));
  const ProblemHost& runner = problem_.host(host);
  const double limit = stage_seconds_[Index(host)];
  const double per_second = cost.per_second[Index(host)];
  const double per_stage = cost.per_stage[Index(host)];
  const double rounding = RoundingConstant(cost.granule);
  for (int i = 0; i < count; ++i) {
    const double seconds = runner.WithStartup(Seconds(row[i])).count();
    const double rounded = (seconds * per_second + rounding) - rounding;
    row[i] = seconds <= limit ? rounded + per_stage : kInfinity;
  }
  const int too_short = segment_min_end_[Segment(host, first)] - first - 1;
  std::fill_n(row, std::clamp(too_short, 0, count), kInfinity);
  return count;
}

void Instance::PackedHopRow(const LinearCost& cost, int from, int next_block, double* row) const {
  const double rounding = RoundingConstant(cost.granule);
  for (int to = 0; to < host_count(); ++to) {
    row[to] = kInfinity;
    if (to == from || !problem_.FindLink(from, to)) continue;
    const Packing packing = problem_.PackingOf(next_block, from, to);
    if (packing.bytes.count > hop_bytes_[Index(from)] ||
        problem_.HopTime(from, to, packing).count() > hop_seconds_) {
      continue;
    }
    const std::size_t link = Index(from) * Index(host_count()) + Index(to);
    const double exact = cost.hop_fixed[link] + packing.bytes.count * cost.hop_per_byte[link] +
                         packing.time.count() * cost.hop_per_second[link];
    row[to] = (exact + rounding) - rounding;
  }
}

void Instance::PlainHopRow(const LinearCost& cost, int from, int next_block, double* row) const {
  const int hosts = host_count();
  const double bytes = problem_.BytesBefore(next_block, from).count;
  if (bytes > hop_bytes_[Index(from)]) {
    std::fill_n(row, hosts, kInfinity);
    return;
  }
  const double* fixed = &cost.hop_fixed[Index(from) * Index(hosts)];
  const double* per_byte = &cost.hop_per_byte[Index(from) * Index(hosts)];
  const double rounding = RoundingConstant(cost.granule);
  for (int to = 0; to < hosts; ++to) {
    row[to] = (fixed[to] + bytes * per_byte[to] + rounding) - rounding;
  }
  for (int to = 0; to < hosts && hop_seconds_ < kInfinity; ++to) {
    const auto& link = problem_.FindLink(from, to);
    if (link && TransferTime({bytes}, *link).count() > hop_seconds_) row[to] = kInfinity;
  }
}

double Instance::EntryCost(const LinearCost& cost, int source) const {
  const std::size_t own = Index(source) * (Index(host_count()) + 1);
  const double rounding = RoundingConstant(cost.granule);
  const double exact = cost.hop_fixed[own] + problem_.input.count * cost.hop_per_byte[own];
  return (exact + rounding) - rounding;
}

void Instance::HopRow(const LinearCost& cost, int from, int next_block, double* row) const {
  if (next_block == 0 && !may_send_input_) {
    std::fill_n(row, host_count(), kInfinity);
  } else if (problem_.codecs.empty()) {
    PlainHopRow(cost, from, next_block, row);
  } else {
    PackedHopRow(cost, from, next_block, row);
  }
  for (const int to : excluded_hops_[Index(from)]) row[to] = kInfinity;
  row[from] = next_block == 0 ? 0 : kInfinity;
  if (next_block > 0) return;
  const double entry = EntryCost(cost, from);
  for (int to = 0; to < host_count(); ++to) row[to] += entry;
}

double Instance::EndCost(const LinearCost& cost, int host) const {
  if (!problem_.returns_output || host == sources().front()) return 0;
  std::vector<double> row(Index(host_count()));
  HopRow(cost, host, block_count(), row.data());
  return row[Index(sources().front())];
}

int Instance::NextMode(int mode, int host) const {
  const int counted = counted_bits_[Index(host)];
  const bool is_last_layer = layer_count_ > 1 && mode >> bit_count() == 0;
  if (is_last_layer || (mode & counted) != 0) return -1;
  const int next = mode | group_bits_[Index(host)] | counted;
  return layer_count_ > 1 ? next - (1 << bit_count()) : next;
}

bool Instance::MayEnd(int mode) const {
  const int all = (1 << groups_.size()) - 1;
  return (mode & all) == all;
}

}  // namespace scission
