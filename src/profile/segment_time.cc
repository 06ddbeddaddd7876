#include "profile/segment_time.h"

#include <algorithm>
#include <cassert>
#include <optional>

namespace scission {
namespace {

std::optional<std::size_t> Find(const std::vector<int>& sorted, int value) {
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), value);
  if (found == sorted.end() || *found != value) return std::nullopt;
  return static_cast<std::size_t>(found - sorted.begin());
}

/// Medians of the blocks, in order.
std::vector<Seconds> BlockTimes(const ModelProfile& model) {
  std::vector<Seconds> times;
  times.reserve(model.blocks.size());
  for (const Block& block : model.blocks) {
    const MeasuredRange* range = model.FindRange(block.first_layer, block.last_layer);
    assert(range != nullptr);
    times.push_back(range->Median());
  }
  return times;
}

}  // namespace

Seconds SegmentTime(const ModelProfile& model, int first_layer, int last_layer) {
  if (const MeasuredRange* range = model.FindRange(first_layer, last_layer)) return range->Median();
  Seconds sum{0};
  for (const Block& block : model.blocks) {
    if (block.first_layer < first_layer || block.last_layer > last_layer) continue;
    sum += model.FindRange(block.first_layer, block.last_layer)->Median();
  }
  return sum;
}

SegmentTable::SegmentTable(const ModelProfile& model, const std::vector<int>& last_layers)
    : pieces_(last_layers.size()), times_(pieces_ * pieces_), measured_(pieces_ * pieces_) {
  const std::vector<Seconds> block_times = BlockTimes(model);
  std::vector<int> first_layers = {model.blocks.front().first_layer};
  for (std::size_t i = 0; i + 1 < pieces_; ++i) first_layers.push_back(last_layers[i] + 1);

  // Forward sums, never differences of prefix sums: they round exactly as SegmentTime does.
  std::size_t first_block = 0;
  for (std::size_t first = 0; first < pieces_; ++first) {
    while (model.blocks[first_block].first_layer < first_layers[first]) ++first_block;
    Seconds sum{0};
    std::size_t block = first_block;
    for (std::size_t last = first; last < pieces_; ++last) {
      do sum += block_times[block];
      while (model.blocks[block++].last_layer < last_layers[last]);
      times_[Index(first, last)] = sum;
    }
  }
  for (const MeasuredRange& range : model.ranges) {
    const auto first = Find(first_layers, range.first_layer);
    const auto last = Find(last_layers, range.last_layer);
    if (!first || !last) continue;
    times_[Index(*first, *last)] = range.Median();
    measured_[Index(*first, *last)] = true;
  }
}

}  // namespace scission
