// What the planner minimises or limits: a sum over the stages and hops of a plan.
#pragma once

#include <vector>

#include "plan/metric.h"
#include "plan/problem.h"

namespace scission {

/// A stage costs its seconds x per_second of its host; a hop costs hop_fixed (its answer, where
/// answers count, is part of that) + bytes x hop_per_byte + seconds of packing x hop_per_second of
/// its link. Handing the source its input costs what a hop of it from there to there would. All are
/// rounded to multiples of `granule` (0: not at all); a stage then costs per_stage of its host
/// more. Negative costs are allowed.
struct LinearCost {
  std::vector<double> per_second;  ///< [host]
  /// [from * hosts + to]; infinity where there is no link, but from a host to itself 0 then.
  std::vector<double> hop_fixed;
  std::vector<double> hop_per_byte;    ///< [from * hosts + to]
  std::vector<double> hop_per_second;  ///< [from * hosts + to]
  std::vector<double> per_stage;       ///< [host]
  bool counts_stages = true;           ///< Rounded() lets fewer stages win among equals
  double granule = 0;
  double scale = 1;  ///< what a cost of 1 has become
};

/// Costs nothing, and knows which links there are.
LinearCost NoCost(const Problem& problem);

/// Of any metric but the period, which is no sum.
LinearCost MetricCost(const Problem& problem, Metric metric);

/// The weighted sum. Not for the period.
LinearCost ObjectiveCost(const Problem& problem, const Objective& objective);

/// `a` + `b` x `factor`, part by part. Both unrounded.
LinearCost Sum(LinearCost a, const LinearCost& b, double factor);

/// Bytes that `hosts` (ascending) send, answers included.
LinearCost UploadCost(const Problem& problem, const std::vector<int>& hosts);

/// Seconds that the link is busy with its hops.
LinearCost LinkTimeCost(const Problem& problem, int from, int to);

/// Compute seconds of `hosts`, less `share` x the compute seconds of all.
LinearCost ComputeCost(const Problem& problem, const std::vector<int>& hosts, double share = 0);

/// `cost` in whole multiples of a power of ten, so that sums are exact whatever their order and
/// ties are ties; one stage is the smallest part of it, so that among equals fewer stages win.
/// Sums up to 64 x `typical` are exact, rounded to some 2^-47 x max_stages of `typical`, which is
/// above 0; beyond it rounding creeps in at 2^-53.
LinearCost Rounded(LinearCost cost, double typical, int max_stages);

}  // namespace scission
