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
      max_stages_(std::min(problem.block_count(), problem.host_count())),
      segment_min_end_(problem.hosts.size() * problem.blocks.size()),
      segment_end_(problem.hosts.size() * problem.blocks.size(), problem.block_count()),
      stage_seconds_(problem.hosts.size(), kInfinity),
      hop_bytes_(problem.hosts.size(), kInfinity),
      excluded_hops_(problem.hosts.size()),
      group_bits_(problem.hosts.size()) {
  for (const Constraint& constraint : query.constraints) Apply(constraint);
}

void Instance::Apply(const Constraint& constraint) {
  const std::vector<int>& hosts = constraint.hosts;
  if (const auto* use = std::get_if<UseRule>(&constraint.rule)) {
    if (use->used) return MustUse(hosts);
    for (const int host : hosts) Exclude(host);
  } else if (const auto* layer = std::get_if<LayerRule>(&constraint.rule)) {
    for (int host = 0; host < host_count(); ++host) {
      if (Contains(hosts, host) != layer->inside) Forbid(host, layer->layer);
    }
  } else if (const auto* host_rule = std::get_if<HostRule>(&constraint.rule)) {
    MustUse(hosts);
    for (const int host : hosts) {
      if (Contains(host_rule->named, host) != host_rule->allowed) Exclude(host);
    }
  } else if (const auto* upload = std::get_if<UploadLimit>(&constraint.rule)) {
    for (const int host : hosts) {
      hop_bytes_[Index(host)] = std::min(hop_bytes_[Index(host)], upload->limit.count);
    }
    // A single host sends once; but a source may send the input, and later what it has computed.
    if (hosts.size() > 1 || (hosts.size() == 1 && Contains(sources(), hosts[0]))) {
      budgets_.push_back({UploadCost(problem_, hosts), upload->limit.count * (1 + kSlack)});
    }
  } else if (const auto* time = std::get_if<TimeLimit>(&constraint.rule)) {
    for (const int host : hosts) {
      stage_seconds_[Index(host)] = std::min(stage_seconds_[Index(host)], time->limit.count());
    }
    if (hosts.size() > 1) {
      budgets_.push_back({ComputeCost(problem_, hosts), time->limit.count() * (1 + kSlack)});
    }
  } else if (const auto* segment = std::get_if<SegmentRule>(&constraint.rule)) {
    for (const int host : hosts) LimitSegments(host, *segment);
  } else if (const auto* private_rule = std::get_if<PrivateRule>(&constraint.rule)) {
    KeepAtSource(problem_.BlockOf(private_rule->last_layer));
  } else if (const auto* link = std::get_if<LinkRule>(&constraint.rule)) {
    for (const int host : hosts) excluded_hops_[Index(host)].push_back(link->to);
  } else if (const auto* stages = std::get_if<StageLimit>(&constraint.rule)) {
    max_stages_ = std::min(max_stages_, stages->count);
    if (max_stages_ < kMaxLayers) layer_count_ = max_stages_ + 1;
  } else {
    const double percent = std::get<TimeShareLimit>(constraint.rule).percent;
    // Terms of both signs cancel, so the slack is that of the whole.
    budgets_.push_back(
        {ComputeCost(problem_, hosts, percent / 100), kSlack * LongestTime(problem_)});
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

void Instance::LimitSegments(int host, const SegmentRule& rule) {
  for (int first = 0; first < block_count(); ++first) {
    int& min_end = segment_min_end_[Segment(host, first)];
    int& end = segment_end_[Segment(host, first)];
    for (int last = first; last < block_count(); ++last) {
      const int layers = problem_.LayerCount(first, last);
      if (layers < rule.min_layers) min_end = std::max(min_end, last + 2);
      if (layers > rule.max_layers) end = std::min(end, last);
    }
  }
}

void Instance::KeepAtSource(int last_block) {
  may_send_input_ = false;
  for (int host = 0; host < host_count(); ++host) {
    int& min_end = segment_min_end_[Segment(host, 0)];
    min_end = std::max(min_end, last_block + 1);
  }
}

void Instance::MustUse(const std::vector<int>& hosts) {
  if (std::find(groups_.begin(), groups_.end(), hosts) != groups_.end()) return;
  if (groups_.size() == kMaxGroups) {
    has_all_groups_ = false;
    return;
  }
  for (const int host : hosts) group_bits_[Index(host)] |= 1 << groups_.size();
  groups_.push_back(hosts);
}

int Instance::StageRow(const LinearCost& cost, int host, int first, double* row) const {
  const int count = segment_end_[Segment(host, first)] - first;
  if (count <= 0) return 0;
  problem_.host(host).times.Row(Index(first), std::span(row, Index(count)));
  const double limit = stage_seconds_[Index(host)];
  const double per_second = cost.per_second[Index(host)];
  const double per_stage = cost.per_stage[Index(host)];
  const double rounding = RoundingConstant(cost.granule);
  for (int i = 0; i < count; ++i) {
    const double rounded = (row[i] * per_second + rounding) - rounding;
    row[i] = row[i] <= limit ? rounded + per_stage : kInfinity;
  }
  const int too_short = segment_min_end_[Segment(host, first)] - first - 1;
  std::fill_n(row, std::clamp(too_short, 0, count), kInfinity);
  return count;
}

void Instance::HopRow(const LinearCost& cost, int from, int next_block, double* row) const {
  const int hosts = host_count();
  const double bytes = problem_.BytesBefore(next_block, from).count;
  if (bytes > hop_bytes_[Index(from)] || (next_block == 0 && !may_send_input_)) {
    std::fill_n(row, hosts, kInfinity);
  } else {
    const double* fixed = &cost.hop_fixed[Index(from) * Index(hosts)];
    const double* per_byte = &cost.hop_per_byte[Index(from) * Index(hosts)];
    const double rounding = RoundingConstant(cost.granule);
    for (int to = 0; to < hosts; ++to) {
      row[to] = (fixed[to] + bytes * per_byte[to] + rounding) - rounding;
    }
  }
  for (const int to : excluded_hops_[Index(from)]) row[to] = kInfinity;
  row[from] = next_block == 0 ? 0 : kInfinity;
}

int Instance::NextMode(int mode, int host) const {
  const int layer = mode >> groups_.size();
  if (layer_count_ > 1 && layer == 0) return -1;
  const int next = mode | group_bits_[Index(host)];
  return layer_count_ > 1 ? next - (1 << groups_.size()) : next;
}

bool Instance::MayEnd(int mode) const {
  const int all = (1 << groups_.size()) - 1;
  return (mode & all) == all;
}

}  // namespace scission
