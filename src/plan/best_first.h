// Best-first search over the beginnings of plans.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <queue>
#include <tuple>
#include <vector>

#include "plan/completions.h"
#include "plan/instance.h"
#include "plan/prices.h"
#include "plan/route.h"

namespace scission {

/// Asked now and then; true ends the search before its time.
using Stop = std::function<bool()>;

/// Takes beginnings of plans, the one of least bound first; the bound is what it has cost plus what
/// the relaxed problem says of the rest.
class BestFirst {
 public:
  enum class End { kFound, kTooManyEntries, kStopped };

  /// All must outlive the search; `completions` may be null.
  BestFirst(const Problem& problem, const Query& query, const Instance& instance,
            const Prices& prices, const Completions* completions);

  /// Looks for the query.result_count best routes, or all that there are, and takes at most
  /// `max_entries` entries for it.
  End Run(std::size_t max_entries, const Stop& stop);

  /// Those found so far, best first. Behind kStopped: then those that were seen and might not be
  /// the next best.
  std::vector<Route> TakeRoutes();
  /// Behind kStopped: no route that was not seen costs less, in the unit of the prices' cost.
  double bound() const { return stopped_at_; }
  /// The least cost of a plan that was seen, infinity where there is none.
  double least_seen() const { return least_seen_; }

 private:
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
  /// for its later siblings as well, which it brings forth when it is taken. With `host` kComplete
  /// it is the plan `parent`, whose cost is `bound`.
  struct Entry {
    static constexpr int kOpen = -1;
    static constexpr int kComplete = -1;

    double bound = 0;
    int parent = 0;
    int host = 0;
    int end = kOpen;
  };

  struct IsLater {
    const BestFirst& search;
    bool operator()(const Entry& a, const Entry& b) const { return search.IsBefore(b, a); }
  };

  void Begin();
  void Take(const Entry& entry);
  void PushHost(int label, const Entry& previous);
  void PushEnd(const Entry& entry, double bound, int end);
  void PushNext(Entry entry, int count, double bound, int place, int Entry::*member);
  int Extend(const Entry& entry);
  int AddLabel(const Label& label);

  double TrueCost(const Label& label) const;
  double HopCost(const LinearCost& cost, const Entry& entry);
  double StepCost(const LinearCost& cost, const Entry& entry);
  bool CanFinish(const Entry& entry) const;
  std::vector<int> ClassesWith(int label, int host) const;
  bool IsDominated(const Label& label, const std::vector<int>& classes,
                   const std::vector<double>& amounts);
  bool IsNotWorse(const Label& rival, const Label& label) const;
  bool IsBefore(const Entry& a, const Entry& b) const;
  std::vector<int> Steps(const Entry& entry) const;
  Route RouteTo(int label) const;

  const Problem& problem_;
  const Query& query_;
  const Instance& instance_;
  const Prices& prices_;
  const Completions* completions_;
  const LinearCost& cost_;
  const Bounds& bounds_;
  double all_prices_ = 0;
  double least_seen_ = std::numeric_limits<double>::infinity();
  double stopped_at_ = 0;
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

}  // namespace scission
