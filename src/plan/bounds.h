// The relaxed problem, in which a host may come back: least costs from every place to the end.
#pragma once

#include <vector>

#include "plan/instance.h"

namespace scission {

/// A plan's cost is never below the cost so far plus the bound of where it is: plans of distinct
/// hosts are among those of the relaxed problem. Infinite where there is no way to the end.
/// O(modes x (hosts^2 x blocks + hosts x blocks^2)).
class Bounds {
 public:
  /// Without modes there is one, 0, and what they say is relaxed as well.
  Bounds(const Instance& instance, const LinearCost& cost, bool has_modes);

  /// Anew, for another cost.
  void Compute(const LinearCost& cost);

  /// Least cost of running the blocks from `block` on, by the host that runs `block` (the hop there
  /// is not in it).
  const double* Start(int mode, int block) const {
    return &start_[Index(mode, block, blocks_) * static_cast<std::size_t>(hosts_)];
  }
  /// Least cost from "`host` has the data, which the blocks before `block` made" on, hop included,
  /// by block; the last one is the end, with what follows it. Before block 0 only for sources.
  const double* After(int mode, int host) const {
    return &after_[Index(mode, host, hosts_) * (static_cast<std::size_t>(blocks_) + 1)];
  }
  /// The least cost of all.
  double Least() const { return least_; }

 private:
  static std::size_t Index(int a, int b, int b_count) {
    return static_cast<std::size_t>(a) * static_cast<std::size_t>(b_count) +
           static_cast<std::size_t>(b);
  }

  double* MutableAfter(int mode, int host) {
    return &after_[Index(mode, host, hosts_) * (static_cast<std::size_t>(blocks_) + 1)];
  }
  void FillStart(const LinearCost& cost, int block);
  void FillAfter(const LinearCost& cost, int block, int from);

  const Instance& instance_;
  const int blocks_;
  const int hosts_;
  const int modes_;
  const int first_mode_;
  std::vector<double> start_;  ///< [mode][block][host]
  std::vector<double> after_;  ///< [mode][host][block], the end included
  const bool has_modes_;
  std::vector<double> row_;
  double least_ = 0;
};

}  // namespace scission
