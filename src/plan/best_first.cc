#include "plan/best_first.h"

#include <algorithm>
#include <numeric>

#include "plan/symmetry.h"

namespace scission {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Some 2 GB.
constexpr std::size_t kMaxLabels = 12'000'000;
constexpr std::size_t kEntriesBetweenQuestions = 64;

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

/// Where a host may come back, what its other stages do is not looked at, so none are alike.
std::vector<int> ClassesFor(const Problem& problem, const Query& query) {
  if (!problem.may_revisit) return HostClasses(problem, query);
  std::vector<int> classes(problem.hosts.size());
  std::iota(classes.begin(), classes.end(), 0);
  return classes;
}

}  // namespace

BestFirst::BestFirst(const Problem& problem, const Query& query, const Instance& instance,
                     const Prices& prices, const Completions* completions)
    : problem_(problem),
      query_(query),
      instance_(instance),
      prices_(prices),
      completions_(completions),
      cost_(prices.cost()),
      bounds_(prices.bounds()),
      classes_(ClassesFor(problem, query)),
      queue_(IsLater{*this}),
      row_(Index(std::max(instance.block_count(), instance.host_count()))) {
  for (const Budget& budget : instance.budgets()) {
    budget_bounds_.emplace_back(instance, budget.amount, false);
  }
}

BestFirst::End BestFirst::Run(std::size_t max_entries, const Stop& stop) {
  Begin();
  for (std::size_t taken = 0; !queue_.empty() && routes_.size() < query_.result_count; ++taken) {
    if (taken == max_entries) return End::kTooManyEntries;
    const bool is_asked = stop && taken % kEntriesBetweenQuestions == 0 && taken > 0;
    if (labels_.size() > kMaxLabels || (is_asked && stop())) {
      stopped_at_ = queue_.top().bound;
      return End::kStopped;
    }
    const Entry entry = queue_.top();
    queue_.pop();
    Take(entry);
  }
  return End::kFound;
}

void BestFirst::Begin() {
  all_prices_ = prices_.sum();
  for (const int source : instance_.sources()) {
    const int label = AddLabel({-1, source, 0, 0, instance_.first_mode(), -all_prices_, 0});
    amounts_.resize(amounts_.size() + budget_bounds_.size());
    label_classes_.emplace_back();
    PushHost(label, {-kInfinity, 0, -1});
  }
}

std::vector<Route> BestFirst::TakeRoutes() {
  for (; !queue_.empty() && routes_.size() < query_.result_count; queue_.pop()) {
    const Entry& entry = queue_.top();
    if (entry.host == Entry::kComplete) routes_.push_back(RouteTo(entry.parent));
  }
  return std::move(routes_);
}

void BestFirst::Take(const Entry& entry) {
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
    const double cost = TrueCost(labels_[Index(label)]) + instance_.EndCost(cost_, entry.host);
    least_seen_ = std::min(least_seen_, cost);
    queue_.push({cost, label, Entry::kComplete, Entry::kOpen});
  }
}

/// Without prices.
double BestFirst::TrueCost(const Label& label) const {
  return label.cost + all_prices_ - label.prices_used;
}

/// The first host that `label` can go on with behind `previous`, by bound, then number.
void BestFirst::PushHost(int label, const Entry& previous) {
  const Label& at = labels_[Index(label)];
  if (at.depth == instance_.max_stages()) return;
  instance_.HopRow(cost_, at.host, at.next_block, row_.data());
  for (int used = label; !instance_.may_revisit() && labels_[Index(used)].depth > 0;
       used = labels_[Index(used)].parent) {
    row_[Index(labels_[Index(used)].host)] = kInfinity;
  }
  const double* start = bounds_.Start(at.mode, at.next_block);
  for (int to = 0; to < instance_.host_count(); ++to) row_[Index(to)] += at.cost + start[to];
  PushNext({0, label, 0, Entry::kOpen}, instance_.host_count(), previous.bound, previous.host,
           &Entry::host);
}

/// The first end of the stage of `entry` behind a bound and an end, likewise.
void BestFirst::PushEnd(const Entry& entry, double bound, int end) {
  const Label& at = labels_[Index(entry.parent)];
  const double cost = at.cost + HopCost(cost_, entry);
  const int count = instance_.StageRow(cost_, entry.host, at.next_block, row_.data());
  const double* after = bounds_.After(instance_.NextMode(at.mode, entry.host), entry.host);
  for (int i = 0; i < count; ++i) row_[Index(i)] += cost + after[at.next_block + 1 + i];
  PushNext({0, entry.parent, entry.host, at.next_block + 1}, count, bound, end - at.next_block - 1,
           &Entry::end);
}

/// Pushes `entry` with the bound row_[i] for the first i of `count` behind (bound, place), by
/// bound, then i; that is added to `member`.
void BestFirst::PushNext(Entry entry, int count, double bound, int place, int Entry::*member) {
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

double BestFirst::HopCost(const LinearCost& cost, const Entry& entry) {
  const Label& at = labels_[Index(entry.parent)];
  instance_.HopRow(cost, at.host, at.next_block, row_.data());
  return row_[Index(entry.host)];
}

double BestFirst::StepCost(const LinearCost& cost, const Entry& entry) {
  const int first = labels_[Index(entry.parent)].next_block;
  const double hop = HopCost(cost, entry);
  instance_.StageRow(cost, entry.host, first, row_.data());
  return hop + row_[Index(entry.end - 1 - first)];
}

/// The label of an entry whose end is known; -1 where it leads nowhere.
int BestFirst::Extend(const Entry& entry) {
  if (!CanFinish(entry)) return -1;
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
  std::vector<int> classes = ClassesWith(entry.parent, entry.host);
  if (instance_.may_revisit() && static_cast<int>(classes.size()) > instance_.max_hosts())
    return -1;
  if (entry.end < instance_.block_count() && IsDominated(label, classes, amounts)) return -1;
  label_classes_.push_back(std::move(classes));
  amounts_.insert(amounts_.end(), amounts.begin(), amounts.end());
  return AddLabel(label);
}

/// Whether distinct hosts are left for what follows, as far as is known.
bool BestFirst::CanFinish(const Entry& entry) const {
  if (completions_ == nullptr) return true;
  std::uint32_t used = std::uint32_t{1} << entry.host;
  for (int label = entry.parent; labels_[Index(label)].depth > 0;
       label = labels_[Index(label)].parent) {
    used |= std::uint32_t{1} << labels_[Index(label)].host;
  }
  return completions_->CanFinish(used, entry.host, entry.end);
}

/// The classes of the hosts that are used up, with those of `host`. Where hosts may come back, only
/// a limit on their number uses them up, and each once.
std::vector<int> BestFirst::ClassesWith(int label, int host) const {
  std::vector<int> classes = label_classes_[Index(label)];
  const int own = classes_[Index(host)];
  const auto place = std::upper_bound(classes.begin(), classes.end(), own);
  if (instance_.may_revisit()) {
    const bool is_limited = instance_.max_hosts() < instance_.host_count();
    const bool is_new = place == classes.begin() || *(place - 1) != own;
    if (!is_limited || !is_new) return classes;
  }
  classes.insert(place, own);
  return classes;
}

int BestFirst::AddLabel(const Label& label) {
  labels_.push_back(label);
  return static_cast<int>(labels_.size()) - 1;
}

/// Whether as many labels as results are wanted got to the same place before, each at no more
/// cost and with no host that this one has not used: then each of them has all continuations that
/// this one has, and comes first.
bool BestFirst::IsDominated(const Label& label, const std::vector<int>& classes,
                            const std::vector<double>& amounts) {
  if (!instance_.knows_all()) return false;
  std::vector<int>& rivals = places_[{instance_.WithoutCounted(label.mode), label.next_block,
                                      classes_[Index(label.host)]}];
  std::size_t count = 0;
  for (const int rival : rivals) {
    const double* rival_amounts = amounts_.data() + Index(rival) * amounts.size();
    const std::vector<int>& rival_classes = label_classes_[Index(rival)];
    if (IsNotWorse(labels_[Index(rival)], label) &&
        std::equal(amounts.begin(), amounts.end(), rival_amounts, std::greater_equal()) &&
        std::includes(classes.begin(), classes.end(), rival_classes.begin(), rival_classes.end())) {
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
bool BestFirst::IsNotWorse(const Label& rival, const Label& label) const {
  const double difference = TrueCost(rival) - TrueCost(label);
  if (difference != 0) return difference < 0;
  return Steps({0, rival.parent, rival.host, rival.next_block}) <
         Steps({0, label.parent, label.host, label.next_block});
}

/// The order of results; a beginning comes before what goes on with it.
bool BestFirst::IsBefore(const Entry& a, const Entry& b) const {
  if (a.bound != b.bound) return a.bound < b.bound;
  const auto path_a = Steps(a);
  const auto path_b = Steps(b);
  return std::lexicographical_compare(path_a.begin(), path_a.end(), path_b.begin(), path_b.end());
}

/// Hosts and ends from the source on.
std::vector<int> BestFirst::Steps(const Entry& entry) const {
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

Route BestFirst::RouteTo(int label) const {
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

}  // namespace scission
