#include "plan/completions.h"

#include <algorithm>
#include <cmath>

#include "plan/linear_cost.h"

namespace scission {
namespace {

constexpr double kMaxBytes = 64e6;
constexpr int kMaxHosts = 20;
constexpr int kWordBits = 64;

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

int WordsFor(int blocks) { return blocks / kWordBits + 1; }  // the end is one more

void SetBit(std::uint64_t* bits, int i) {
  bits[i / kWordBits] |= std::uint64_t{1} << (i % kWordBits);
}

/// Whether a plan may end on each host.
std::vector<bool> EndsOf(const Instance& instance) {
  const LinearCost nothing = NoCost(instance.problem());
  std::vector<bool> can_end;
  for (int host = 0; host < instance.host_count(); ++host) {
    can_end.push_back(std::isfinite(instance.EndCost(nothing, host)));
  }
  return can_end;
}

}  // namespace

bool Completions::Fits(const Instance& instance) {
  const int hosts = instance.host_count();
  if (instance.may_revisit() || hosts > kMaxHosts) return false;
  return std::ldexp(1, hosts) * hosts * WordsFor(instance.block_count()) * 8 <= kMaxBytes;
}

Completions::Completions(const Instance& instance)
    : hosts_(instance.host_count()),
      blocks_(instance.block_count()),
      words_(WordsFor(blocks_)),
      ends_(Index(hosts_ * blocks_ * words_)),
      hops_(Index(hosts_ * hosts_ * words_)),
      finish_((std::size_t{1} << hosts_) * Index(hosts_ * words_)) {
  FillRows(instance);
  const std::vector<bool> can_end = EndsOf(instance);
  std::vector<Bits> start(Index(words_));
  const std::uint32_t all = (std::uint32_t{1} << hosts_) - 1;
  for (std::uint32_t used = all; used > 0; --used) {
    for (int host = 0; host < hosts_; ++host) {
      if ((used >> host & 1) == 0) continue;
      if (can_end[Index(host)]) SetBit(Finish(used, host), blocks_);
      // All larger sets are done, so all that can follow `host` is in its bits.
      FillStart(used, host, start.data());
      const std::uint32_t before = used & ~(std::uint32_t{1} << host);
      for (int from = 0; from < hosts_; ++from) {
        if ((before >> from & 1) == 0) continue;
        const Bits* hop = Hops(from, host);
        Bits* finish = Finish(before, from);
        for (int word = 0; word < words_; ++word) {
          finish[word] |= hop[word] & start[Index(word)];
        }
      }
      // Nothing was used before the first stage, which the source runs itself or sends the input.
      if (before != 0 || (start[0] & 1) == 0) continue;
      for (const int source : instance.sources()) {
        can_begin_ = can_begin_ || (Hops(source, host)[0] & 1) != 0;
      }
    }
  }
}

void Completions::FillRows(const Instance& instance) {
  const LinearCost nothing = NoCost(instance.problem());
  std::vector<double> row(Index(std::max(hosts_, blocks_)));
  for (int host = 0; host < hosts_; ++host) {
    for (int block = 0; block < blocks_; ++block) {
      const int count = instance.StageRow(nothing, host, block, row.data());
      for (int i = 0; i < count; ++i) {
        if (std::isinf(row[Index(i)])) continue;
        SetBit(&ends_[Index((host * blocks_ + block) * words_)], block + 1 + i);
      }
      instance.HopRow(nothing, host, block, row.data());
      for (int to = 0; to < hosts_; ++to) {
        if (std::isinf(row[Index(to)])) continue;
        SetBit(&hops_[Index((host * hosts_ + to) * words_)], block);
      }
    }
  }
}

void Completions::FillStart(std::uint32_t used, int host, Bits* start) const {
  const Bits* finish = Finish(used, host);
  std::fill_n(start, words_, 0);
  for (int block = 0; block < blocks_; ++block) {
    const Bits* ends = Ends(host, block);
    Bits common = 0;
    for (int word = block / kWordBits; word < words_; ++word) common |= ends[word] & finish[word];
    if (common != 0) SetBit(start, block);
  }
}

}  // namespace scission
