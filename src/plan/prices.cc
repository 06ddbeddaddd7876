#include "plan/prices.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace scission {
namespace {

constexpr int kSteps = 12;

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

/// The place of the least a[i] + b[i].
int LeastPlace(const std::vector<double>& a, const double* b, int count) {
  int best = 0;
  for (int i = 1; i < count; ++i) {
    if (a[Index(i)] + b[i] < a[Index(best)] + b[best]) best = i;
  }
  return best;
}

}  // namespace

Prices::Prices(const Instance& instance, const LinearCost& cost)
    : instance_(instance),
      cost_(cost),
      prices_(Index(instance.host_count()), 0),
      bounds_(instance, cost_, true) {}

double Prices::sum() const { return std::accumulate(prices_.begin(), prices_.end(), 0.0); }

void Prices::Improve(double goal) {
  std::vector<double> best = prices_;
  double best_bound = bounds_.Least() - sum();
  constexpr double kGuess = 0.01;
  double gap = std::isinf(goal) ? kGuess * std::abs(best_bound) : goal - best_bound;
  for (int step = 0; step < kSteps; ++step) {
    const std::vector<int> uses = Uses();
    double norm = 0;
    for (std::size_t host = 0; host < uses.size(); ++host) {
      if (uses[host] > 1 || (uses[host] == 0 && prices_[host] > 0)) {
        norm += (uses[host] - 1) * (uses[host] - 1);
      }
    }
    if (norm == 0) break;  // every priced host is used just once: the bound is a plan
    std::vector<double> next = prices_;
    for (std::size_t host = 0; host < uses.size(); ++host) {
      const double change = gap / norm * (uses[host] - 1) / cost_.granule;
      next[host] = std::max(0.0, next[host] + std::round(change) * cost_.granule);
    }
    Set(next);
    if (bounds_.Least() - sum() > best_bound) {
      best_bound = bounds_.Least() - sum();
      best = prices_;
    } else {
      gap /= 2;
    }
  }
  Set(best);
}

void Prices::Set(const std::vector<double>& prices) {
  if (prices == prices_) return;
  for (std::size_t host = 0; host < prices.size(); ++host) {
    cost_.per_stage[host] += prices[host] - prices_[host];
  }
  prices_ = prices;
  bounds_.Compute(cost_);
}

std::vector<int> Prices::Uses() const {
  std::vector<int> uses(prices_.size());
  std::vector<double> row(Index(std::max(instance_.block_count(), instance_.host_count())));
  int mode = instance_.first_mode();
  int at = *std::min_element(
      instance_.sources().begin(), instance_.sources().end(),
      [&](int a, int b) { return bounds_.After(mode, a)[0] < bounds_.After(mode, b)[0]; });
  for (int block = 0; block < instance_.block_count();) {
    instance_.HopRow(cost_, at, block, row.data());
    at = LeastPlace(row, bounds_.Start(mode, block), instance_.host_count());
    mode = instance_.NextMode(mode, at);
    const int count = instance_.StageRow(cost_, at, block, row.data());
    block += LeastPlace(row, bounds_.After(mode, at) + block + 1, count) + 1;
    ++uses[Index(at)];
  }
  return uses;
}

}  // namespace scission
