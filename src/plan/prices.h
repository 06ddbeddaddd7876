// Prices on hosts, which make the relaxed problem spare those that it would use twice.
#pragma once

#include <vector>

#include "plan/bounds.h"
#include "plan/instance.h"

namespace scission {

/// Each stage on a host costs its price more, and every plan gets all prices back: a plan of
/// distinct hosts then costs no more than without prices, and one that comes back to a host may
/// cost more. So the relaxed problem is still a bound, and with the right prices a closer one
/// (Lagrangian relaxation of "each host at most once").
class Prices {
 public:
  /// All 0. Both must outlive the prices; `cost` is Rounded.
  Prices(const Instance& instance, const LinearCost& cost);

  /// Takes some steps of the subgradient method towards prices that raise the bound. `goal` is what
  /// the best plan costs at most, infinity where that is not known.
  void Improve(double goal);

  /// How often the best plan of the relaxed problem uses each host.
  std::vector<int> Uses() const;

  double of(int host) const { return prices_[static_cast<std::size_t>(host)]; }
  double sum() const;
  const LinearCost& cost() const { return cost_; }  ///< with the prices
  const Bounds& bounds() const { return bounds_; }  ///< for cost()

 private:
  void Set(const std::vector<double>& prices);

  const Instance& instance_;
  LinearCost cost_;
  std::vector<double> prices_;
  Bounds bounds_;
};

}  // namespace scission
