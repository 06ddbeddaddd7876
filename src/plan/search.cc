#include "plan/search.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <queue>
#include <tuple>

#include "plan/bounds.h"
#include "plan/instance.h"
#include "plan/prices.h"
#include "plan/symmetry.h"

namespace scission {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

/// The beginning of a plan: what has run so far, up to and with a stage on `host`; or only the
/// source, without a stage.
struct Label {
  int parent = -1;
  int host = 0;
  int next_block = 0;  ///< the blocks before it are done
  int depth = 0;       ///< stages
  int mode = 0;
  double cost = 0;         ///< with the prices of the hosts used, less all prices
  double prices_used = 0;  ///< of its hosts
};

/// Plans that begin with the label `parent` and go on with a stage on `host`; that stage ends
/// before block `end`, or anywhere if `end` is kOpen. All cost `bound` or more. The entry stands
/// for its later siblings as well, which it brings forth when it is taken. With `host` kComplete it
/// is the plan `parent`, whose cost is `bound`.
struct Entry {
  static constexpr int kOpen = -1;
  static constexpr int kComplete = -1;

  double bound = 0;
  int parent = 0;
  int host = 0;
  int end = kOpen;
};

/// Best first over beginnings of plans, the bound of the relaxed problem for the rest.
class BestFirst {
 public:
  BestFirst(const Problem& problem, const Query& query, const Instance& instance,
            const Prices& prices)
      : problem_(problem),
        query_(query),
        instance_(instance),
        prices_(prices),
        cost_(prices.cost()),
        bounds_(prices.bounds()),
        classes_(HostClasses(problem, query)),
        queue_(IsLater{*this}),
        row_(Index(std::max(instance.block_count(), instance.host_count()))) {
    for (const Budget& budget : instance.budgets()) {
      budget_bounds_.emplace_back(instance, budget.amount, false);
    }
  }

  /// Takes at most `max_entries`. Returns whether that was enough.
  bool Run(std::size_t max_entries) {
    all_prices_ = prices_.sum();
    for (const int source : instance_.sources()) {
      const int label = AddLabel({-1, source, 0, 0, instance_.first_mode(), -all_prices_, 0});
      amounts_.resize(amounts_.size() + budget_bounds_.size());
      label_classes_.emplace_back();
      PushHost(label, {-kInfinity, 0, -1});
    }
    for (; !queue_.empty() && routes_.size() < query_.result_count; --max_entries) {
      if (max_entries == 0) return false;
      const Entry entry = queue_.top();
      queue_.pop();
      Take(entry);
    }
    return true;
  }

  std::vector<Route> TakeRoutes() { return std::move(routes_); }

  /// The least cost of a plan that was seen, infinity where there is none.
  double least_seen() const { return least_seen_; }

 private:
  struct IsLater {
    const BestFirst& search;
    bool operator()(const Entry& a, const Entry& b) const { return search.IsBefore(b, a); }
  };

  void Take(const Entry& entry) {
    if (entry.host == Entry::kComplete) {
      routes_.push_back(RouteTo(entry.parent));
    } else if (entry.end == Entry::kOpen) {
      PushHost(entry.parent, entry);
      PushEnd(entry, -kInfinity, -1);
    } else {
      PushEnd(entry, entry.bound, entry.end);
      const int label = Extend(entry);
      if (label < 0) return;
      if (entry.end < instance_.block_count()) return PushHost(label, {-kInfinity, 0, -1});
      if (!Meets(problem_, RouteTo(label), query_)) return;
      const double cost = TrueCost(labels_[Index(label)]);
      least_seen_ = std::min(least_seen_, cost);
      queue_.push({cost, label, Entry::kComplete, Entry::kOpen});
    }
  }

  /// Without prices.
  double TrueCost(const Label& label) const { return label.cost + all_prices_ - label.prices_used; }

  /// The first host that `label` can go on with behind `previous`, by bound, then number.
  void PushHost(int label, const Entry& previous) {
    const Label& at = labels_[Index(label)];
    if (at.depth == instance_.max_stages()) return;
    instance_.HopRow(cost_, at.host, at.next_block, row_.data());
    for (int used = label; labels_[Index(used)].depth > 0; used = labels_[Index(used)].parent) {
      row_[Index(labels_[Index(used)].host)] = kInfinity;
    }
    const double* start = bounds_.Start(at.mode, at.next_block);
    for (int to = 0; to < instance_.host_count(); ++to) row_[Index(to)] += at.cost + start[to];
    PushNext({0, label, 0, Entry::kOpen}, instance_.host_count(), previous.bound, previous.host,
             &Entry::host);
  }

  /// The first end of the stage of `entry` behind a bound and an end, likewise.
  void PushEnd(const Entry& entry, double bound, int end) {
    const Label& at = labels_[Index(entry.parent)];
    const double cost = at.cost + HopCost(cost_, entry);
    const int count = instance_.StageRow(cost_, entry.host, at.next_block, row_.data());
    const double* after = bounds_.After(instance_.NextMode(at.mode, entry.host), entry.host);
    for (int i = 0; i < count; ++i) row_[Index(i)] += cost + after[at.next_block + 1 + i];
    PushNext({0, entry.parent, entry.host, at.next_block + 1}, count, bound,
             end - at.next_block - 1, &Entry::end);
  }

  /// Pushes `entry` with the bound row_[i] for the first i of `count` behind (bound, place), by
  /// bound, then i; that is added to `member`.
  void PushNext(Entry entry, int count, double bound, int place, int Entry::*member) {
    int best = -1;
    double least = kInfinity;
    for (int i = 0; i < count; ++i) {
      const double value = row_[Index(i)];
      if (value < least && (value > bound || (value == bound && i > place))) {
        least = value;
        best = i;
      }
    }
    if (best < 0) return;
    entry.bound = least;
    entry.*member += best;
    queue_.push(entry);
  }

  double HopCost(const LinearCost& cost, const Entry& entry) {
    const Label& at = labels_[Index(entry.parent)];
    instance_.HopRow(cost, at.host, at.next_block, row_.data());
    return row_[Index(entry.host)];
  }

  double StepCost(const LinearCost& cost, const Entry& entry) {
    const int first = labels_[Index(entry.parent)].next_block;
    const double hop = HopCost(cost, entry);
    instance_.StageRow(cost, entry.host, first, row_.data());
    return hop + row_[Index(entry.end - 1 - first)];
  }

  /// The label of an entry whose end is known; -1 where it leads nowhere.
  int Extend(const Entry& entry) {
    const Label parent = labels_[Index(entry.parent)];
    std::vector<double> amounts;
    for (std::size_t i = 0; i < budget_bounds_.size(); ++i) {
      const Budget& budget = instance_.budgets()[i];
      const double so_far = amounts_[Index(entry.parent) * budget_bounds_.size() + i];
      amounts.push_back(so_far + StepCost(budget.amount, entry));
      const double rest = budget_bounds_[i].After(0, entry.host)[entry.end];
      if (amounts.back() + rest > budget.limit) return -1;
    }
    const Label label = {entry.parent,
                         entry.host,
                         entry.end,
                         parent.depth + 1,
                         instance_.NextMode(parent.mode, entry.host),
                         parent.cost + StepCost(cost_, entry),
                         parent.prices_used + prices_.of(entry.host)};
    std::vector<int> classes = label_classes_[Index(entry.parent)];
    const int own = classes_[Index(entry.host)];
    classes.insert(std::upper_bound(classes.begin(), classes.end(), own), own);
    if (entry.end < instance_.block_count() && IsDominated(label, classes, amounts)) return -1;
    label_classes_.push_back(std::move(classes));
    amounts_.insert(amounts_.end(), amounts.begin(), amounts.end());
    return AddLabel(label);
  }

  int AddLabel(const Label& label) {
    labels_.push_back(label);
    return static_cast<int>(labels_.size()) - 1;
  }

  /// Whether as many labels as results are wanted got to the same place before, each at no more
  /// cost and with no host that this one has not used: then each of them has all continuations that
  /// this one has, and comes first.
  bool IsDominated(const Label& label, const std::vector<int>& classes,
                   const std::vector<double>& amounts) {
    if (!instance_.has_all_groups()) return false;
    std::vector<int>& rivals = places_[{label.mode, label.next_block, classes_[Index(label.host)]}];
    std::size_t count = 0;
    for (const int rival : rivals) {
      const double* rival_amounts = amounts_.data() + Index(rival) * amounts.size();
      const std::vector<int>& rival_classes = label_classes_[Index(rival)];
      if (IsNotWorse(labels_[Index(rival)], label) &&
          std::equal(amounts.begin(), amounts.end(), rival_amounts, std::greater_equal()) &&
          std::includes(classes.begin(), classes.end(), rival_classes.begin(),
                        rival_classes.end())) {
        ++count;
      }
      if (count == query_.result_count) return true;
    }
    // The first ones are the cheapest; more are seldom worth the time that they take.
    if (rivals.size() < 4 * query_.result_count + 32) {
      rivals.push_back(static_cast<int>(labels_.size()));
    }
    return false;
  }

  /// By the order of results.
  bool IsNotWorse(const Label& rival, const Label& label) const {
    const double difference = TrueCost(rival) - TrueCost(label);
    if (difference != 0) return difference < 0;
    return Steps({0, rival.parent, rival.host, rival.next_block}) <
           Steps({0, label.parent, label.host, label.next_block});
  }

  /// The order of results; a beginning comes before what goes on with it.
  bool IsBefore(const Entry& a, const Entry& b) const {
    if (a.bound != b.bound) return a.bound < b.bound;
    const auto path_a = Steps(a);
    const auto path_b = Steps(b);
    return std::lexicographical_compare(path_a.begin(), path_a.end(), path_b.begin(), path_b.end());
  }

  /// Hosts and ends from the source on.
  std::vector<int> Steps(const Entry& entry) const {
    std::vector<int> steps;
    if (entry.end != Entry::kOpen) steps.push_back(entry.end);
    if (entry.host != Entry::kComplete) steps.push_back(entry.host);
    for (int label = entry.parent; label >= 0; label = labels_[Index(label)].parent) {
      steps.push_back(labels_[Index(label)].next_block);
      steps.push_back(labels_[Index(label)].host);
    }
    std::reverse(steps.begin(), steps.end());
    return steps;
  }

  Route RouteTo(int label) const {
    Route route;
    for (; labels_[Index(label)].depth > 0; label = labels_[Index(label)].parent) {
      const Label& at = labels_[Index(label)];
      const int first_block = labels_[Index(at.parent)].next_block;
      route.stages.push_back({at.host, first_block, at.next_block - 1});
    }
    route.source = labels_[Index(label)].host;
    std::reverse(route.stages.begin(), route.stages.end());
    return route;
  }

  const Problem& problem_;
  const Query& query_;
  const Instance& instance_;
  const Prices& prices_;
  const LinearCost& cost_;
  const Bounds& bounds_;
  double all_prices_ = 0;
  double least_seen_ = kInfinity;
  std::deque<Bounds> budget_bounds_;
  const std::vector<int> classes_;  ///< [host]
  std::priority_queue<Entry, std::vector<Entry>, IsLater> queue_;
  std::vector<double> row_;
  std::vector<Label> labels_;
  std::vector<double> amounts_;                  ///< [label][budget]
  std::vector<std::vector<int>> label_classes_;  ///< [label]: of its hosts, ascending
  std::map<std::tuple<int, int, int>, std::vector<int>> places_;  ///< mode, block, class: labels
  std::vector<Route> routes_;
};

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
      if (count == blocks) best = std::min(best, std::abs(hops[Index(host)] + stages.back()));
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

}  // namespace

std::vector<Route> BestRoutes(const Problem& problem, const Query& query, const LinearCost& cost) {
  if (query.result_count == 0) return {};
  const Instance instance(problem, query);
  const auto prices = FirstBounds(instance, cost);
  if (std::isinf(prices->bounds().Least())) return {};
  // What is not soon found is looked for again with better prices, each time for longer.
  for (std::size_t entries = EntriesForBounds(instance) + 2 * query.result_count;; entries *= 8) {
    BestFirst search(problem, query, instance, *prices);
    if (search.Run(entries)) return search.TakeRoutes();
    prices->Improve(search.least_seen());
  }
}

}  // namespace scission
