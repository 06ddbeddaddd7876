// A problem and a query as the search sees them: which segments and hops there may be, and what
// they cost.
#pragma once

#include <vector>

#include "plan/linear_cost.h"
#include "plan/problem.h"
#include "plan/query.h"

namespace scission {

/// A constraint on a sum over several hosts: the sum of `amount` is at most `limit`, which is a
/// little above what was asked for, because sums are rounded.
struct Budget {
  LinearCost amount;
  double limit = 0;
};

/// Everything that concerns one segment on one host, or one hop, is folded into the rows of costs:
/// they are infinite where a constraint forbids it. What concerns the whole plan remains:
/// `budgets`, modes, and that hosts are distinct.
///
/// A mode says what a plan still owes and may do: which groups of hosts that must be used have been
/// used, which of the counted hosts have been, and how many stages may follow. Modes are numbered
/// from 0.
class Instance {
 public:
  /// `problem` must outlive the instance.
  Instance(const Problem& problem, const Query& query);

  int block_count() const { return problem_.block_count(); }
  int host_count() const { return problem_.host_count(); }
  const Problem& problem() const { return problem_; }
  const std::vector<int>& sources() const { return problem_.sources; }
  const std::vector<Budget>& budgets() const { return budgets_; }
  /// No plan has more stages.
  int max_stages() const { return max_stages_; }
  bool may_revisit() const { return problem_.may_revisit; }
  /// No plan uses more hosts.
  int max_hosts() const { return max_hosts_; }

  /// Lets the modes know whether these hosts have been used, so that what the modes admit uses none
  /// of them twice. Each doubles the modes.
  void Count(const std::vector<int>& hosts);
  bool IsCounted(int host) const { return counted_bits_[static_cast<std::size_t>(host)] != 0; }

  /// Costs of the segments of `host` that begin with block `first`, by their length; returns how
  /// many there are in `row`, which has room for all blocks. Longer ones are forbidden.
  int StageRow(const LinearCost& cost, int host, int first, double* row) const;
  /// Costs of the hops from host `from` to every host when the blocks before `next_block` are done.
  /// Before block 0 `from` is the source: handing it the input is part of them, and it may run the
  /// first stage itself. Else staying is forbidden.
  void HopRow(const LinearCost& cost, int from, int next_block, double* row) const;
  /// What follows the last stage: where the source wants the output back, the hop there. There is
  /// one source then.
  double EndCost(const LinearCost& cost, int host) const;

  int mode_count() const { return layer_count_ << bit_count(); }
  int first_mode() const { return (layer_count_ - 1) << bit_count(); }
  /// The mode behind a stage on `host`; -1 where it must not follow.
  int NextMode(int mode, int host) const;
  /// The mode but for the counted hosts.
  int WithoutCounted(int mode) const {
    return mode & ~(((1 << counted_count_) - 1) << groups_.size());
  }
  /// Whether a plan may end in this mode.
  bool MayEnd(int mode) const;
  /// Whether every plan that the rows, budgets, modes and the number of hosts admit meets the
  /// query, but for rounding.
  bool knows_all() const { return knows_all_; }

 private:
  std::size_t Segment(int host, int first) const {
    return static_cast<std::size_t>(host) * problem_.blocks.size() +
           static_cast<std::size_t>(first);
  }
  int bit_count() const { return static_cast<int>(groups_.size()) + counted_count_; }

  using Hosts = std::vector<int>;  ///< ascending
  void Apply(const Hosts& hosts, const UseRule& rule);
  void Apply(const Hosts& hosts, const LayerRule& rule);
  void Apply(const Hosts& hosts, const HostRule& rule);
  void Apply(const Hosts& hosts, const UploadLimit& rule);
  void Apply(const Hosts& hosts, const TimeLimit& rule);
  void Apply(const Hosts& hosts, const TimeShareLimit& rule);
  void Apply(const Hosts& hosts, const SegmentRule& rule);
  void Apply(const Hosts& hosts, const PrivateRule& rule);
  void Apply(const Hosts& hosts, const LinkRule& rule);
  void Apply(const Hosts& hosts, const StageLimit& rule);
  void Apply(const Hosts& hosts, const MemoryLimit& rule);
  void Apply(const Hosts& hosts, const ObjectiveLimit& rule);
  double EntryCost(const LinearCost& cost, int source) const;
  void PlainHopRow(const LinearCost& cost, int from, int next_block, double* row) const;
  void PackedHopRow(const LinearCost& cost, int from, int next_block, double* row) const;
  void LimitPeriod(double seconds);
  void Exclude(int host);
  void Forbid(int host, int layer);
  void MustUse(const Hosts& hosts);

  const Problem& problem_;
  int max_stages_;
  int max_hosts_;
  int layer_count_ = 1;  ///< of modes, by the number of stages that may follow; 1: not counted
  bool may_send_input_ = true;
  std::vector<int> segment_min_end_;   ///< [host * blocks + first]: or later
  std::vector<int> segment_end_;       ///< [host * blocks + first]: segments must end before it
  std::vector<double> stage_seconds_;  ///< [host]: the most that a stage may take
  std::vector<double> hop_bytes_;      ///< [host]: the most that a hop may carry
  double hop_seconds_;                 ///< the most that any hop may take
  std::vector<std::vector<int>> excluded_hops_;  ///< [from]
  std::vector<Budget> budgets_;
  std::vector<std::vector<int>> groups_;  ///< hosts of which one must be used, at most kMaxGroups
  std::vector<int> group_bits_;           ///< [host]
  int counted_count_ = 0;
  std::vector<int> counted_bits_;  ///< [host]: its bit in a mode; 0: not counted
  bool knows_all_ = true;
};

}  // namespace scission
