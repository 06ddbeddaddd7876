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

SegmentTable::SegmentTable(const ModelProfile& model, const std::vector<int>& last_layers) {
  for (const Seconds time : BlockTimes(model)) block_seconds_.push_back(time.count());
  std::vector<int> first_layers = {model.blocks.front().first_layer};
  std::size_t block = 0;
  for (const int last_layer : last_layers) {
    while (model.blocks[block++].last_layer < last_layer) continue;
    block_end_.push_back(block);
    first_layers.push_back(last_layer + 1);
  }
  std::vector<std::vector<Measurement>> rows(last_layers.size());
  for (const MeasuredRange& range : model.ranges) {
    const auto first = scission::Find(first_layers, range.first_layer);
    const auto last = scission::Find(last_layers, range.last_layer);
    if (first && last) rows[*first].push_back({*last, range.Median().count()});
  }
  for (auto& row : rows) {
    std::sort(row.begin(), row.end(), [](const Measurement& a, const Measurement& b) {
      return a.last_piece < b.last_piece;
    });
    row_begin_.push_back(measurements_.size());
    measurements_.insert(measurements_.end(), row.begin(), row.end());
  }
  row_begin_.push_back(measurements_.size());
}

void SegmentTable::Row(std::size_t first_piece, std::span<double> seconds) const {
  // Forward sums, never differences of prefix sums: they round exactly as SegmentTime does.
  double sum = 0;
  std::size_t block = first_piece == 0 ? 0 : block_end_[first_piece - 1];
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    for (; block < block_end_[first_piece + i]; ++block) sum += block_seconds_[block];
    seconds[i] = sum;
  }
  for (std::size_t i = row_begin_[first_piece]; i < row_begin_[first_piece + 1]; ++i) {
    const std::size_t place = measurements_[i].last_piece - first_piece;
    if (place >= seconds.size()) break;
    seconds[place] = measurements_[i].seconds;
  }
}

Seconds SegmentTable::Time(std::size_t first_piece, std::size_t last_piece) const {
  if (const auto* measurement = Find(first_piece, last_piece)) {
    return Seconds(measurement->seconds);
  }
  double sum = 0;
  const std::size_t begin = first_piece == 0 ? 0 : block_end_[first_piece - 1];
  for (std::size_t block = begin; block < block_end_[last_piece]; ++block) {
    sum += block_seconds_[block];
  }
  return Seconds(sum);
}

const SegmentTable::Measurement* SegmentTable::Find(std::size_t first_piece,
                                                    std::size_t last_piece) const {
  const auto at = [&](std::size_t i) {
    return measurements_.begin() + static_cast<std::ptrdiff_t>(row_begin_[i]);
  };
  const auto end = at(first_piece + 1);
  const auto found =
      std::lower_bound(at(first_piece), end, last_piece,
                       [](const Measurement& a, std::size_t last) { return a.last_piece < last; });
  return found != end && found->last_piece == last_piece ? &*found : nullptr;
}

}  // namespace scission
