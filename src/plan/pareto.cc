#include "plan/pareto.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>

namespace scission {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Values that differ by less are equal.
constexpr double kSame = 1e-9;

/// Plans that stay below a value in every metric but the first.
struct Region {
  std::vector<double> limits;
  std::optional<Plan> best;  ///< by the first metric, then the second and so on
};

class FrontSearch {
 public:
  FrontSearch(const Problem& problem, const Query& query, const std::vector<Metric>& metrics,
              const Stop& stop)
      : problem_(problem), query_(query), metrics_(metrics), stop_(stop) {}

  /// The best plan of all regions is a point of the front, and nothing in any region is better in
  /// the first metric: what is not better than it in another one is dominated.
  Front Run(std::size_t max_plans) {
    Front front;
    std::vector<Region> regions = {{std::vector<double>(metrics_.size() - 1, kInfinity), {}}};
    while (Solve(regions), !regions.empty()) {
      if (front.plans.size() == max_plans || was_stopped_) return {std::move(front.plans), false};
      const auto next =
          std::min_element(regions.begin(), regions.end(), [&](const Region& a, const Region& b) {
            return ValueOf(*a.best, metrics_[0]) < ValueOf(*b.best, metrics_[0]);
          });
      front.plans.push_back(*next->best);
      Divide(regions, front.plans.back());
    }
    front.is_complete = !was_stopped_;
    return front;
  }

 private:
  /// Finds the best plans that are not known, and leaves out the regions that have none.
  void Solve(std::vector<Region>& regions) {
    for (Region& region : regions) {
      if (!region.best) region.best = BestIn(region.limits);
    }
    std::erase_if(regions, [](const Region& region) { return !region.best; });
  }

  /// By the first metric, then the second and so on.
  std::optional<Plan> BestIn(const std::vector<double>& limits) {
    Query query = query_;
    query.result_count = 1;
    for (std::size_t i = 0; i < limits.size(); ++i) {
      if (limits[i] < kInfinity) AddLimit(query, metrics_[i + 1], Below(limits[i]));
    }
    std::optional<Plan> best;
    for (const Metric metric : metrics_) {
      query.objective = {{{metric, 1}}};
      const Plans plans = FindPlans(problem_, query, stop_);
      was_stopped_ = was_stopped_ || plans.bound;
      if (plans.plans.empty() || was_stopped_) return std::nullopt;
      best = plans.plans.front();
      AddLimit(query, metric, ValueOf(*best, metric) * (1 + kSame));
    }
    return best;
  }

  static void AddLimit(Query& query, Metric metric, double limit) {
    query.constraints.push_back({{}, ObjectiveLimit{{{{metric, 1}}}, limit}, "", ""});
  }

  static double Below(double value) { return value > 0 ? value * (1 - kSame) : -1; }

  /// Each region that the plan lies in becomes what is better than the plan in one metric.
  void Divide(std::vector<Region>& regions, const Plan& plan) const {
    std::vector<Region> kept;
    std::vector<Region> parts;
    for (const Region& region : regions) {
      if (!Holds(region.limits, plan)) {
        kept.push_back(region);
        continue;
      }
      for (std::size_t i = 0; i < region.limits.size(); ++i) {
        Region part = region;
        part.limits[i] = ValueOf(plan, metrics_[i + 1]);
        if (!Holds(part.limits, *part.best)) part.best.reset();
        parts.push_back(std::move(part));
      }
    }
    for (const Region& part : parts) {
      if (!IsCovered(part, kept)) kept.push_back(part);
    }
    regions = std::move(kept);
  }

  bool Holds(const std::vector<double>& limits, const Plan& plan) const {
    for (std::size_t i = 0; i < limits.size(); ++i) {
      if (ValueOf(plan, metrics_[i + 1]) > Below(limits[i])) return false;
    }
    return true;
  }

  /// Whether another region has all that is in this one.
  static bool IsCovered(const Region& region, const std::vector<Region>& others) {
    return std::any_of(others.begin(), others.end(), [&](const Region& other) {
      return std::equal(region.limits.begin(), region.limits.end(), other.limits.begin(),
                        std::less_equal());
    });
  }

  const Problem& problem_;
  const Query& query_;
  const std::vector<Metric>& metrics_;
  const Stop& stop_;
  bool was_stopped_ = false;
};

}  // namespace

Front ParetoFront(const Problem& problem, const Query& query, std::vector<Metric> metrics,
                  std::size_t max_plans, const Stop& stop) {
  // A period is the only metric that is dear to minimise and cheap to limit.
  const Metric first = metrics.front();
  std::stable_partition(metrics.begin(), metrics.end(),
                        [](Metric metric) { return metric != Metric::kPeriod; });
  Front front = FrontSearch(problem, query, metrics, stop).Run(max_plans);
  std::stable_sort(front.plans.begin(), front.plans.end(), [&](const Plan& a, const Plan& b) {
    return ValueOf(a, first) < ValueOf(b, first);
  });
  return front;
}

}  // namespace scission
