#include "plan/least_limit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "plan/objective.h"

namespace scission {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The smallest percentage that a share of the compute time obeys.
double Percentage(Seconds compute, Seconds total) {
  double percent = total.count() > 0 ? compute * 100 / total : 0;
  while (compute * 100 > total * percent) percent = std::nextafter(percent, kInfinity);
  return percent;
}

/// Finds the rule with the least limit, and how the command line has it, for each kind of limit.
class Finder {
 public:
  Finder(const Problem& problem, const Query& query, const Constraint& constraint)
      : problem_(problem), query_(query), hosts_(constraint.hosts), option_(constraint.option) {
    query_.result_count = 1;
  }

  template <typename NoLimit>
  std::optional<LeastLimit> operator()(const NoLimit&) const {
    return std::nullopt;
  }

  std::optional<LeastLimit> operator()(const UploadLimit&) const {
    const auto route = Best(UploadCost(problem_, hosts_));
    if (!route) return std::nullopt;
    const Bytes least = UseOf(problem_, *route, hosts_).sent;
    return AtLeast(UploadLimit{least}, ToMegabytes(least));
  }

  std::optional<LeastLimit> operator()(const TimeLimit&) const {
    const auto route = Best(ComputeCost(problem_, hosts_));
    if (!route) return std::nullopt;
    const Seconds least = UseOf(problem_, *route, hosts_).compute;
    return AtLeast(TimeLimit{least}, least.count());
  }

  /// Dinkelbach's method: a smaller share than `least` makes "time of the hosts - share of the time
  /// of all" negative, so minimise that until no plan does. Each step is the optimum of a linear
  /// cost, and few are needed.
  std::optional<LeastLimit> operator()(const TimeShareLimit&) const {
    double least = kInfinity;
    while (true) {
      const double share = std::isinf(least) ? 0 : least / 100;
      const auto route = Best(ComputeCost(problem_, hosts_, share));
      if (!route) return std::nullopt;
      const double percent =
          Percentage(UseOf(problem_, *route, hosts_).compute, TotalsOf(problem_, *route).compute);
      if (percent >= least) return AtLeast(TimeShareLimit{least}, least, "%");
      least = percent;
    }
  }

  std::optional<LeastLimit> operator()(const ObjectiveLimit& rule) const {
    Query query = query_;
    query.objective = rule.objective;
    const Routes best = BestByObjective(problem_, query);
    if (best.routes.empty()) return std::nullopt;
    const double least = rule.objective.ValueOf(TotalsOf(problem_, best.routes.front()));
    const ObjectiveLimit limit{rule.objective, least};
    if (rule.objective.single() == Metric::kPeriod) {
      const double rate = Rate(least);
      return With(limit, fmt::format("{} at most {}", option_, rate));
    }
    const bool is_bytes = rule.objective.single() == Metric::kBytes;
    return AtLeast(limit, is_bytes ? ToMegabytes({least}) : least);
  }

  std::optional<LeastLimit> operator()(const MemoryLimit&) const {
    std::vector<double> amounts;
    for (const int host : hosts_) AddAmounts(host, amounts);
    std::sort(amounts.begin(), amounts.end());
    const auto least = std::partition_point(amounts.begin(), amounts.end(), [&](double amount) {
      return !IsEnough(MemoryLimit{{amount}});
    });
    if (least == amounts.end()) return std::nullopt;
    return AtLeast(MemoryLimit{{*least}}, ToMegabytes({*least}));
  }

  std::optional<LeastLimit> operator()(const StageLimit&) const {
    for (int count = 1; count <= problem_.host_count(); ++count) {
      if (IsEnough(StageLimit{count})) return AtLeast(StageLimit{count}, count);
    }
    return std::nullopt;
  }

 private:
  std::optional<Route> Best(const LinearCost& cost) const {
    const Routes best = BestRoutes(problem_, query_, cost);
    if (best.routes.empty()) return std::nullopt;
    return best.routes.front();
  }

  bool IsEnough(const Rule& rule) const {
    Query query = query_;
    query.constraints.push_back({hosts_, rule, "", ""});
    return !BestRoutes(problem_, query, MetricCost(problem_, Metric::kLatency)).routes.empty();
  }

  /// What every segment takes on the host. Several stages of one host add up, so 0 and the whole
  /// model are among the amounts.
  void AddAmounts(int number, std::vector<double>& amounts) const {
    const ProblemHost& host = problem_.host(number);
    amounts.push_back(0);
    for (int first = 0; first < problem_.block_count(); ++first) {
      Bytes weights;
      Bytes peak;
      for (auto block = static_cast<std::size_t>(first); block < problem_.blocks.size(); ++block) {
        weights += host.weight_bytes[block];
        peak = std::max(peak, host.peak_bytes[block]);
        amounts.push_back((weights + peak).count);
      }
    }
  }

  /// The greatest rate whose inverse is not below the period.
  static double Rate(double period) {
    if (period <= 0) return std::numeric_limits<double>::max();
    double rate = 1 / period;
    while (1 / rate < period) rate = std::nextafter(rate, 0);
    return rate;
  }

  LeastLimit AtLeast(const Rule& rule, double amount, const char* unit = "") const {
    return With(rule, fmt::format("{} at least {}{}", option_, amount, unit));
  }
  LeastLimit With(const Rule& rule, std::string text) const {
    return {{hosts_, rule, option_, ""}, std::move(text)};
  }

  const Problem& problem_;
  Query query_;
  const std::vector<int>& hosts_;
  const std::string& option_;
};

}  // namespace

std::optional<LeastLimit> FindLeastLimit(const Problem& problem, const Query& query,
                                         const Constraint& constraint) {
  return std::visit(Finder(problem, query, constraint), constraint.rule);
}

}  // namespace scission
