#include "plan/bounds.h"

#include <algorithm>
#include <limits>

namespace scission {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The least a[i] + b[i]. Several minima side by side, because one alone would wait for each
/// addition; the compiler makes vectors of them.
double LeastSum(const double* a, const double* b, int count) {
  constexpr int kWidth = 8;
  double least[kWidth];
  std::fill_n(least, kWidth, kInfinity);
  int i = 0;
  for (; i + kWidth <= count; i += kWidth) {
    for (int k = 0; k < kWidth; ++k) {
      const double sum = a[i + k] + b[i + k];
      least[k] = sum < least[k] ? sum : least[k];
    }
  }
  for (; i < count; ++i) least[0] = std::min(least[0], a[i] + b[i]);
  return *std::min_element(least, least + kWidth);
}

}  // namespace

Bounds::Bounds(const Instance& instance, const LinearCost& cost, bool has_modes)
    : instance_(instance),
      blocks_(instance.block_count()),
      hosts_(instance.host_count()),
      modes_(has_modes ? instance.mode_count() : 1),
      first_mode_(has_modes ? instance.first_mode() : 0),
      start_(Index(modes_, 0, blocks_) * static_cast<std::size_t>(hosts_), kInfinity),
      after_(Index(modes_, 0, hosts_) * (static_cast<std::size_t>(blocks_) + 1), kInfinity),
      has_modes_(has_modes),
      row_(static_cast<std::size_t>(std::max(blocks_, hosts_))) {
  Compute(cost);
}

void Bounds::Compute(const LinearCost& cost) {
  for (int host = 0; host < hosts_; ++host) {
    const double end = instance_.EndCost(cost, host);
    for (int mode = 0; mode < modes_; ++mode) {
      const bool may_end = !has_modes_ || instance_.MayEnd(mode);
      MutableAfter(mode, host)[blocks_] = may_end ? end : kInfinity;
    }
  }
  for (int block = blocks_ - 1; block >= 0; --block) {
    FillStart(cost, block);
    for (int from = 0; from < hosts_ && block > 0; ++from) FillAfter(cost, block, from);
  }
  least_ = kInfinity;
  for (const int source : instance_.sources()) {
    FillAfter(cost, 0, source);
    least_ = std::min(least_, After(first_mode_, source)[0]);
  }
}

void Bounds::FillStart(const LinearCost& cost, int block) {
  for (int host = 0; host < hosts_; ++host) {
    const int count = instance_.StageRow(cost, host, block, row_.data());
    for (int mode = 0; mode < modes_; ++mode) {
      const int next = modes_ == 1 ? 0 : instance_.NextMode(mode, host);
      if (next < 0) continue;
      start_[Index(mode, block, blocks_) * static_cast<std::size_t>(hosts_) +
             static_cast<std::size_t>(host)] =
          LeastSum(row_.data(), After(next, host) + block + 1, count);
    }
  }
}

void Bounds::FillAfter(const LinearCost& cost, int block, int from) {
  instance_.HopRow(cost, from, block, row_.data());
  for (int mode = 0; mode < modes_; ++mode) {
    MutableAfter(mode, from)[block] = LeastSum(row_.data(), Start(mode, block), hosts_);
  }
}

}  // namespace scission
