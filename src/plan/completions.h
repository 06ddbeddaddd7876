// Which beginnings of plans can be finished with the hosts that are left.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/instance.h"

namespace scission {

/// For every set of used hosts, host and block: whether distinct other hosts can run the rest, as
/// far as the rows of costs tell. Unlike the bounds it forgets no host that was used; so it proves
/// at once that limits on single stages and hops cannot be kept, and keeps the search out of dead
/// ends. Budgets and modes are left to the search.
class Completions {
 public:
  /// Whether the table stays small and quick to make; it doubles with each host.
  static bool Fits(const Instance& instance);

  /// O(2^hosts x hosts x blocks^2 / 64). Hosts must be distinct (no revisits), and Fits().
  explicit Completions(const Instance& instance);

  /// Whether the blocks from `next_block` on can be run where `host` has the data and the hosts of
  /// the set `used` (a bit each), `host` among them, have had their turn.
  bool CanFinish(std::uint32_t used, int host, int next_block) const {
    const std::uint64_t word = Finish(used, host)[next_block / 64];
    return (word >> (next_block % 64) & 1) != 0;
  }
  /// Whether there is a plan from one of the sources.
  bool CanBegin() const { return can_begin_; }

 private:
  using Bits = std::uint64_t;

  /// [set][host]: the blocks from which it can be finished, the end among them.
  Bits* Finish(std::uint32_t used, int host) {
    return &finish_[(static_cast<std::size_t>(used) * static_cast<std::size_t>(hosts_) +
                     static_cast<std::size_t>(host)) *
                    static_cast<std::size_t>(words_)];
  }
  const Bits* Finish(std::uint32_t used, int host) const {
    return const_cast<Completions*>(this)->Finish(used, host);
  }
  const Bits* Ends(int host, int first) const {
    return &ends_[static_cast<std::size_t>(host * blocks_ + first) *
                  static_cast<std::size_t>(words_)];
  }
  const Bits* Hops(int from, int to) const {
    return &hops_[static_cast<std::size_t>(from * hosts_ + to) * static_cast<std::size_t>(words_)];
  }

  void FillRows(const Instance& instance);
  /// The blocks at which a stage on `host` can begin so that the rest can be finished, where `used`
  /// are the hosts with `host`.
  void FillStart(std::uint32_t used, int host, Bits* start) const;

  const int hosts_;
  const int blocks_;
  const int words_;
  std::vector<Bits> ends_;    ///< [host][first block]: where its stage may end
  std::vector<Bits> hops_;    ///< [from][to]: at which blocks the hop may be
  std::vector<Bits> finish_;  ///< see Finish()
  bool can_begin_ = false;
};

}  // namespace scission
