#include "validate/range_validation.h"

#include <fmt/format.h>

#include <limits>
#include <set>

#include "base/error.h"
#include "bench/machine_state.h"
#include "model/cuts.h"
#include "validate/held_out.h"

namespace scission {
namespace {

std::vector<int> LastLayers(const ModelProfile& profile) {
  std::vector<int> layers;
  for (const Block& block : profile.blocks) layers.push_back(block.last_layer);
  return layers;
}

Seconds BlockSum(const ModelProfile& profile, LayerRange range) {
  Seconds sum{0};
  for (const Block& block : profile.blocks) {
    if (block.first_layer < range.first || block.last_layer > range.last) continue;
    sum += profile.FindRange(block.first_layer, block.last_layer)->TypicalTime();
  }
  return sum;
}

/// Every other sample, from the one of this number on.
Seconds HalfMedian(const MeasuredRange& range, std::size_t begin) {
  const std::vector<Seconds> all = range.SamplesAtUsualPace();
  std::vector<Seconds> half;
  for (std::size_t i = begin; i < all.size(); i += 2) half.push_back(all[i]);
  return MedianTime(half);
}

RangeComparison Compare(const ModelProfile& profile, const SegmentTable& table,
                        const MeasuredRange& measured) {
  const auto piece = [&](int Block::*layer, int value) {
    std::size_t i = 0;
    while (profile.blocks[i].*layer != value) ++i;
    return i;
  };
  const std::size_t first = piece(&Block::first_layer, measured.first_layer);
  const std::size_t last = piece(&Block::last_layer, measured.last_layer);
  return {
      measured.first_layer,         measured.last_layer,
      table.Origin(first, last),    table.Time(first, last),
      table.Deviation(first, last), BlockSum(profile, {measured.first_layer, measured.last_layer}),
      HalfMedian(measured, 0),      HalfMedian(measured, 1),
      measured.is_unstable};
}

}  // namespace

void RequireCuts(const Graph& graph, const std::vector<int>& last_layers,
                 const std::string& place) {
  const int last = WholeOf(graph).last;
  if (last_layers.back() != last) {
    throw InputError(place, fmt::format("ends with layer {}, but the model's last layer is {}",
                                        last_layers.back(), last));
  }
  std::set<int> cuts = {last};
  for (const Cut& cut : FindCuts(graph, std::numeric_limits<int>::max())) cuts.insert(cut.layer);
  for (const int layer : last_layers) {
    if (cuts.contains(layer)) continue;
    throw InputError(place, fmt::format("the model cannot be cut behind layer {}", layer));
  }
}

RangeValidation ValidateRanges(const Model& model, const TensorMap& inputs,
                               const ModelProfile& profile, const std::string& place,
                               const RangeValidationOptions& options,
                               const BenchmarkProgress& progress) {
  const std::vector<int> last_layers = LastLayers(profile);
  RequireCuts(model.graph(), last_layers, place);
  std::vector<LayerRange> ranges = HeldOutRanges(profile, options.ranges, options.seed);
  ranges.push_back(WholeOf(model.graph()));
  const int rounds = 2 * options.repeats;
  const MachineState before = ReadMachineState();
  const MeasureOptions measure{
      .min_rounds = rounds, .max_rounds = rounds, .longest_watch = options.longest_watch};
  const auto measured = MeasureRanges(model, inputs, ranges, options.engine, measure, progress);
  const SegmentTable table(profile, last_layers);
  RangeValidation validation;
  validation.stability = StabilityBetween(before, ReadMachineState());
  for (const MeasuredRange& range : measured) {
    validation.ranges.push_back(Compare(profile, table, range));
    validation.stability.unstable_ranges += range.is_unstable ? 1 : 0;
  }
  validation.whole = validation.ranges.back();
  validation.ranges.pop_back();
  return validation;
}

}  // namespace scission
