#include "bench/effort.h"

#include <array>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

constexpr std::array kNames = {"quick", "normal", "full", "exhaustive"};

/// Ranges of blocks, each once, in the order in which they were first added.
class RangeList {
 public:
  explicit RangeList(const std::vector<LayerRange>& blocks) : blocks_(blocks) {}

  void Add(std::size_t first_block, std::size_t last_block) {
    const LayerRange range{blocks_[first_block].first, blocks_[last_block].last};
    if (seen_.emplace(range.first, range.last).second) ranges_.push_back(range);
  }

  /// Pieces of `length` blocks from the beginning on, a new one every `step`; what does not fit is
  /// left out.
  void AddPieces(std::size_t length, std::size_t step) {
    for (std::size_t i = 0; i + length <= blocks_.size(); i += step) Add(i, i + length - 1);
  }

  std::vector<LayerRange> Take() { return std::move(ranges_); }

 private:
  const std::vector<LayerRange>& blocks_;
  std::set<std::pair<int, int>> seen_;
  std::vector<LayerRange> ranges_;
};

}  // namespace

std::string ToText(Effort effort) { return kNames.at(static_cast<std::size_t>(effort)); }

Effort ParseEffort(const std::string& text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (ToLower(text) == kNames[i]) return static_cast<Effort>(i);
  }
  throw InputError("--effort", "'" + Printable(text) + "' is not known; it is one of " +
                                   Join({kNames.begin(), kNames.end()}, ", "));
}

std::vector<LayerRange> RangesOf(const std::vector<LayerRange>& blocks, Effort effort) {
  const std::size_t count = blocks.size();
  RangeList list(blocks);
  list.Add(0, count - 1);
  list.AddPieces(1, 1);
  if (effort >= Effort::kNormal) {
    for (std::size_t i = 0; i + 1 < count; ++i) {
      list.Add(0, i);
      list.Add(i + 1, count - 1);
    }
    list.AddPieces(2, 1);
    for (std::size_t length = 4; length < count; length *= 2) list.AddPieces(length, length);
  }
  if (effort >= Effort::kFull) {
    for (std::size_t length = 4; length < count; length *= 2) list.AddPieces(length, 1);
  }
  if (effort == Effort::kExhaustive) {
    for (std::size_t length = 3; length < count; ++length) list.AddPieces(length, 1);
  }
  return list.Take();
}

}  // namespace scission
