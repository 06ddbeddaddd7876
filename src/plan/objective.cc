#include "plan/objective.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "plan/completions.h"

namespace scission {
namespace {

/// Values that differ by less are equal.
constexpr double kSame = 1e-9;

double ValueOf(const Problem& problem, const Query& query, const Route& route) {
  return query.objective.ValueOf(TotalsOf(problem, route));
}

Query WithLimit(Query query, double limit) {
  query.constraints.push_back({{}, ObjectiveLimit{query.objective, limit}, "", ""});
  return query;
}

/// Values from the least to the greatest, and routes of equal value by latency; as many as are
/// wanted.
std::vector<Route> InOrder(const Problem& problem, const Query& query, std::vector<Route> routes) {
  const LinearCost latency = MetricCost(problem, Metric::kLatency);
  std::vector<std::pair<double, Route>> values;
  for (Route& route : routes) {
    const double value = ValueOf(problem, query, route);
    values.emplace_back(value, std::move(route));
  }
  std::sort(values.begin(), values.end());
  std::vector<Route> ordered;
  for (auto begin = values.begin(); begin != values.end();) {
    const double most = begin->first * (1 + kSame);
    std::vector<Route> equal;
    for (; begin != values.end() && begin->first <= most; ++begin) {
      equal.push_back(std::move(begin->second));
    }
    SortRoutes(problem, latency, equal);
    ordered.insert(ordered.end(), equal.begin(), equal.end());
  }
  ordered.resize(std::min(ordered.size(), query.result_count));
  return ordered;
}

/// `below` are all routes whose value is below `last`; to them come the fastest of `at_most`, whose
/// values are not above it.
std::vector<Route> Join(const Problem& problem, const Query& query, const std::vector<Route>& below,
                        const std::vector<Route>& at_most, double last) {
  std::vector<Route> all;
  const auto is_below = [&](const Route& route) {
    return ValueOf(problem, query, route) < last * (1 - kSame);
  };
  std::copy_if(below.begin(), below.end(), std::back_inserter(all), is_below);
  std::copy_if(at_most.begin(), at_most.end(), std::back_inserter(all), std::not_fn(is_below));
  return InOrder(problem, query, std::move(all));
}

/// Among the routes that have the value of the last one wanted, the search for the least sums took
/// any. The fastest ones of at most that value are those with which ties are filled.
Routes BestBySum(const Problem& problem, const Query& query, const Stop& stop) {
  Routes best = BestRoutes(problem, query, ObjectiveCost(problem, query.objective), stop);
  if (best.routes.empty() || best.bound) return best;
  const double last = ValueOf(problem, query, best.routes.back());
  const Routes fastest = BestRoutes(problem, WithLimit(query, last * (1 + kSame)),
                                    MetricCost(problem, Metric::kLatency), stop);
  if (fastest.bound) return {std::move(best.routes), last};
  return {Join(problem, query, best.routes, fastest.routes, last), std::nullopt};
}

/// Looks for the least period that as many routes as are wanted keep, by halving what is between a
/// period that too few keep and one that enough do; and by asking, each second time, for anything
/// below the latter, which ends the search at an exact value.
class PeriodSearch {
 public:
  PeriodSearch(const Problem& problem, const Query& query, const Stop& stop)
      : problem_(problem),
        query_(query),
        stop_(stop),
        latency_(MetricCost(problem, Metric::kLatency)),
        any_(CostOfAny(problem)) {}

  Routes Run() {
    Routes best = BestRoutes(problem_, query_, latency_, stop_);
    if (best.bound) best.bound = 0;
    if (best.bound || best.routes.size() < query_.result_count) {
      return {InOrder(problem_, query_, std::move(best.routes)), best.bound};
    }
    double too_short = 0;
    double period = Longest(best.routes);
    for (bool is_last = false; period > 0; is_last = !is_last) {
      const double target = is_last ? period * (1 - kSame) : (too_short + period) / 2;
      Routes found = BestRoutes(problem_, WithLimit(query_, target), any_, stop_);
      if (found.bound) return {InOrder(problem_, query_, std::move(best.routes)), too_short};
      if (found.routes.size() == query_.result_count) {
        best = std::move(found);
        period = Longest(best.routes);
      } else if (is_last) {
        return {Join(problem_, query_, found.routes, Fastest(best, period), period), std::nullopt};
      } else {
        too_short = target;
      }
    }
    return best;
  }

 private:
  /// Any route will do while the period is looked for. To take the first that comes is quickest
  /// where the search can be kept out of dead ends, as it can with few hosts; else the fast ones
  /// lead the way.
  static LinearCost CostOfAny(const Problem& problem) {
    if (!Completions::Fits(Instance(problem, {}))) return MetricCost(problem, Metric::kLatency);
    LinearCost cost = NoCost(problem);
    cost.counts_stages = false;
    return cost;
  }

  /// The fastest routes that keep the period; `found` if they are not soon found.
  std::vector<Route> Fastest(const Routes& found, double period) const {
    constexpr int kMaxQuestions = 1000;
    int questions = 0;
    const Routes fastest = BestRoutes(problem_, WithLimit(query_, period * (1 + kSame)), latency_,
                                      [&questions] { return ++questions > kMaxQuestions; });
    return fastest.bound ? found.routes : fastest.routes;
  }

  double Longest(const std::vector<Route>& routes) const {
    double longest = 0;
    for (const Route& route : routes) {
      longest = std::max(longest, ValueOf(problem_, query_, route));
    }
    return longest;
  }

  const Problem& problem_;
  const Query& query_;
  const Stop& stop_;
  const LinearCost latency_;
  const LinearCost any_;
};

}  // namespace

Routes BestByObjective(const Problem& problem, const Query& query, const Stop& stop) {
  const auto metric = query.objective.single();
  if (metric == Metric::kLatency) {
    return BestRoutes(problem, query, MetricCost(problem, Metric::kLatency), stop);
  }
  if (metric == Metric::kPeriod) return PeriodSearch(problem, query, stop).Run();
  return BestBySum(problem, query, stop);
}

}  // namespace scission
