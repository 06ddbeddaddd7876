#include "plan/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <tuple>
#include <utility>

#include "plan/instance.h"
#include "plan/prices.h"

namespace scission {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

/// The cost of the best plan that runs on one host, or else the greatest that a part can cost:
/// about what plans cost, for the resolution.
double TypicalCost(const Instance& instance, const LinearCost& cost) {
  const int blocks = instance.block_count();
  const int hosts = instance.host_count();
  std::vector<double> hops(Index(hosts));
  std::vector<double> stages(Index(blocks));
  double best = kInfinity;
  double greatest = 0;
  for (const int source : instance.sources()) {
    instance.HopRow(cost, source, 0, hops.data());
    for (int host = 0; host < hosts; ++host) {
      if (hops[Index(host)] == kInfinity) continue;
      const int count = instance.StageRow(cost, host, 0, stages.data());
      greatest = std::max(greatest, std::abs(hops[Index(host)]));
      for (int i = 0; i < count; ++i) {
        if (std::isinf(stages[Index(i)])) continue;
        greatest = std::max(greatest, std::abs(stages[Index(i)]));
      }
      const double end = instance.EndCost(cost, host);
      if (count < blocks || std::isinf(end)) continue;
      best = std::min(best, std::abs(hops[Index(host)] + stages.back() + end));
    }
  }
  if (best > 0 && best < kInfinity) return best;
  return greatest > 0 ? greatest : 1;
}

/// Bounds for `cost`, rounded to what the best plans cost as the relaxed problem sees it.
std::unique_ptr<Prices> FirstBounds(const Instance& instance, const LinearCost& cost) {
  constexpr double kCoarse = 1e-4;
  double typical = TypicalCost(instance, cost);
  while (true) {
    auto prices = std::make_unique<Prices>(instance, Rounded(cost, typical, instance.max_stages()));
    const LinearCost& rounded = prices->cost();
    const double granules = std::floor(prices->bounds().Least() / rounded.granule);  // no stages
    const double least = std::abs(granules * rounded.granule / rounded.scale);
    // Splitting may help so much that the resolution would suffer.
    if (!(least > 0 && least < typical * kCoarse)) return prices;
    typical = least;
  }
}

/// How many entries take about as long as the bounds.
std::size_t EntriesForBounds(const Instance& instance) {
  const auto blocks = Index(instance.block_count());
  const auto hosts = Index(instance.host_count());
  return 20 + (hosts * hosts * blocks + hosts * blocks * blocks / 2) / (hosts + blocks);
}

/// How often the bounds may double: as long as they stay small enough.
int MaxCounted(const Instance& instance) {
  constexpr double kMaxCells = 4e6;
  constexpr double kMaxSteps = 1e9;
  const double hosts = instance.host_count();
  const double blocks = instance.block_count();
  const double cells = instance.mode_count() * hosts * blocks;
  const double steps = cells * (hosts + blocks / 2);
  return static_cast<int>(std::floor(std::log2(std::min(kMaxCells / cells, kMaxSteps / steps))));
}

/// What a search is made of. It becomes sharper each time that it takes too long.
class Search {
 public:
  Search(const Problem& problem, const Query& query, const LinearCost& cost)
      : problem_(problem), query_(query), instance_(problem, query) {
    prices_ = FirstBounds(instance_, cost);
    cost_ = prices_->cost();
  }

  Routes Run(const Stop& stop) {
    if (std::isinf(prices_->bounds().Least())) return {};
    std::size_t entries = EntriesForBounds(instance_) + 2 * query_.result_count;
    for (;; entries *= 8) {
      BestFirst search(problem_, query_, instance_, *prices_, completions_.get());
      const auto end = search.Run(entries, stop);
      if (end == BestFirst::End::kFound) return {search.TakeRoutes(), std::nullopt};
      if (end == BestFirst::End::kStopped) return Stopped(search);
      if (!problem_.may_revisit) Sharpen(search.least_seen());
      if (std::isinf(prices_->bounds().Least())) return {};
      if (completions_ && !completions_->CanBegin()) return {};
    }
  }

 private:
  /// Without the stages, which are the smallest part of a cost.
  Routes Stopped(BestFirst& search) const {
    const LinearCost& cost = prices_->cost();
    const double bound = std::floor(search.bound() / cost.granule) * cost.granule / cost.scale;
    return {search.TakeRoutes(), bound};
  }

  /// Makes the bounds exact for hosts that the relaxed problem uses twice: all of them, if there
  /// are few, else the most used ones, and gives prices to the others. Where there are not too many
  /// hosts for it, the search learns to keep out of dead ends.
  void Sharpen(double goal) {
    const int room = MaxCounted(instance_) - counted_;
    std::vector<int> hosts(problem_.hosts.size());
    std::iota(hosts.begin(), hosts.end(), 0);
    std::erase_if(hosts, [&](int host) { return instance_.IsCounted(host); });
    if (static_cast<int>(hosts.size()) > room) {
      const bool is_hard = ++times_sharpened_ > 1;
      if (is_hard && !completions_ && Completions::Fits(instance_)) {
        completions_ = std::make_unique<Completions>(instance_);
      }
      prices_->Improve(goal);
      const std::vector<int> uses = prices_->Uses();
      std::erase_if(hosts, [&](int host) { return uses[Index(host)] < 2; });
      std::stable_sort(hosts.begin(), hosts.end(),
                       [&](int a, int b) { return uses[Index(a)] > uses[Index(b)]; });
      hosts.resize(std::min(hosts.size(), Index(std::max(room, 0))));
    }
    if (hosts.empty()) return;
    instance_.Count(hosts);
    counted_ += static_cast<int>(hosts.size());
    prices_ = std::make_unique<Prices>(instance_, cost_);
  }

  const Problem& problem_;
  const Query& query_;
  Instance instance_;
  LinearCost cost_;  ///< rounded, without prices
  std::unique_ptr<Prices> prices_;
  std::unique_ptr<Completions> completions_;
  int counted_ = 0;
  int times_sharpened_ = 0;
};

/// Where the output comes back, the end of a plan depends on its source: one search for each.
Routes BestRoutesOfEachSource(const Problem& problem, const Query& query, const LinearCost& cost,
                              const Stop& stop) {
  Routes all;
  for (const int source : problem.sources) {
    Problem with_one_source = problem;
    with_one_source.sources = {source};
    Routes routes = BestRoutes(with_one_source, query, cost, stop);
    all.routes.insert(all.routes.end(), routes.routes.begin(), routes.routes.end());
    if (routes.bound) all.bound = std::min(*routes.bound, all.bound.value_or(kInfinity));
  }
  SortRoutes(problem, cost, all.routes);
  all.routes.resize(std::min(all.routes.size(), query.result_count));
  return all;
}

}  // namespace

Routes BestRoutes(const Problem& problem, const Query& query, const LinearCost& cost,
                  const Stop& stop) {
  if (query.result_count == 0) return {};
  if (problem.returns_output && problem.sources.size() > 1) {
    return BestRoutesOfEachSource(problem, query, cost, stop);
  }
  return Search(problem, query, cost).Run(stop);
}

void SortRoutes(const Problem& problem, const LinearCost& cost, std::vector<Route>& routes) {
  std::vector<std::tuple<double, std::size_t, Route>> order;
  double least = kInfinity;
  for (Route& route : routes) {
    order.emplace_back(CostOf(problem, cost, route), route.stages.size(), std::move(route));
    least = std::min(least, std::abs(std::get<0>(order.back())));
  }
  const double unit = least > 0 ? least * 1e-12 : 1e-12;
  for (auto& item : order) std::get<0>(item) = std::round(std::get<0>(item) / unit);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < routes.size(); ++i) routes[i] = std::move(std::get<2>(order[i]));
}

double CostOf(const Problem& problem, const LinearCost& cost, const Route& route) {
  const std::size_t own = Index(route.source) * (problem.hosts.size() + 1);
  double sum = cost.hop_fixed[own] + problem.input.count * cost.hop_per_byte[own];
  for (const RouteStage& stage : route.stages) {
    const Seconds time = problem.host(stage.host).StageTime(stage.first_block, stage.last_block);
    sum += time.count() * cost.per_second[Index(stage.host)];
  }
  ForEachHop(problem, route, [&](int from, int to, const Packing& packing) {
    const std::size_t link = Index(from) * problem.hosts.size() + Index(to);
    sum += cost.hop_fixed[link] + packing.bytes.count * cost.hop_per_byte[link] +
           packing.time.count() * cost.hop_per_second[link];
  });
  return sum;
}

}  // namespace scission
