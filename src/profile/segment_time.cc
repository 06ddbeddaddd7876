#include "profile/segment_time.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "base/statistics.h"

namespace scission {
namespace {

/// A fit must not promise what nobody would believe.
constexpr double kLeastPartOfBlockSum = 0.1;
constexpr double kNotKnown = -1;
/// Where a profile does not say its ranges' precision: of a range's time against its samples'
/// scatter around it, once these were divided by paces. The whole model, by which paces are what
/// they are, scatters as much: twice. And a part of the scatter was taken for pace: in a group of a
/// prefix, its suffix and the whole, a third of its square.
constexpr double kVarianceWithPaces = 2 / (1 - 1.0 / 3);

std::optional<std::size_t> Find(const std::vector<int>& sorted, int value) {
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), value);
  if (found == sorted.end() || *found != value) return std::nullopt;
  return static_cast<std::size_t>(found - sorted.begin());
}

/// Of the pieces that end with `last_layers`.
std::vector<int> FirstLayers(const ModelProfile& model, const std::vector<int>& last_layers) {
  std::vector<int> layers = {model.blocks.front().first_layer};
  for (const int last_layer : last_layers) layers.push_back(last_layer + 1);
  layers.pop_back();
  return layers;
}

std::vector<int> BlockEnds(const ModelProfile& model) {
  std::vector<int> layers;
  layers.reserve(model.blocks.size());
  for (const Block& block : model.blocks) layers.push_back(block.last_layer);
  return layers;
}

/// The typical time's: of a median, were the samples normally distributed but for outliers.
double StandardError(const MeasuredRange& range) {
  const Seconds typical = range.TypicalTime();
  if (range.precision) return *range.precision / kDeviations95 * typical.count();
  if (range.samples.size() < 2) return 0;
  std::vector<double> errors;
  for (const Seconds sample : range.SamplesAtUsualPace()) {
    errors.push_back((sample - typical).count());
  }
  const double variance = range.paces.empty() ? 1 : kVarianceWithPaces;
  const double count = static_cast<double>(range.samples.size());
  return RobustDeviation(std::move(errors)) * std::sqrt(std::numbers::pi / 2 / count * variance);
}

/// The measured ranges as ranges of blocks.
std::vector<RangeTime> BlockRanges(const ModelProfile& model) {
  const std::vector<int> last_layers = BlockEnds(model);
  const std::vector<int> first_layers = FirstLayers(model, last_layers);
  std::vector<RangeTime> ranges;
  for (const MeasuredRange& range : model.ranges) {
    const auto first = Find(first_layers, range.first_layer);
    const auto last = Find(last_layers, range.last_layer);
    if (!first || !last) continue;
    ranges.push_back({*first, *last, range.TypicalTime().count(), StandardError(range)});
  }
  return ranges;
}

/// What crosses the cut behind each block but the last.
std::vector<double> CutBytes(const ModelProfile& model) {
  std::vector<double> bytes;
  for (const Block& block : model.blocks) bytes.push_back(block.output_bytes.count);
  bytes.pop_back();
  return bytes;
}

}  // namespace

SegmentTable::SegmentTable(const ModelProfile& model, const std::vector<int>& last_layers) {
  std::size_t block = 0;
  for (const int last_layer : last_layers) {
    while (model.blocks[block++].last_layer < last_layer) continue;
    block_end_.push_back(block);
  }
  const std::vector<RangeTime> ranges = BlockRanges(model);
  block_seconds_ = BlockSeconds(model.blocks.size(), ranges);
  const auto fit = FitRanges(CutBytes(model), ranges);
  AddMeasurements(ranges, fit);
  if (fit) AddFit(*fit);
}

void SegmentTable::AddMeasurements(const std::vector<RangeTime>& ranges,
                                   const std::optional<RangeFit>& fit) {
  std::vector<std::vector<Measurement>> rows(block_end_.size());
  for (const RangeTime& range : ranges) {
    const auto before = PiecesBefore(range.first);
    const auto through = PiecesBefore(range.last + 1);
    if (!before || !through) continue;
    const bool is_whole = range.first == 0 && range.last + 1 == block_seconds_.size();
    const RangeTime time = fit && !is_whole ? Weighed(range, *fit) : range;
    rows[*before].push_back({*through - 1, time.seconds, time.deviation});
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

void SegmentTable::AddFit(const RangeFit& fit) {
  relative_deviation_ = fit.relative_deviation.value_or(kNotKnown);
  for (std::size_t piece = 0; piece < block_end_.size(); ++piece) {
    const std::size_t first = FirstBlock(piece);
    const std::size_t last = block_end_[piece] - 1;
    begin_seconds_.push_back(fit.begin[first]);
    end_seconds_.push_back(fit.end[last]);
    begin_seen_.push_back(fit.begin_seen[first]);
    end_seen_.push_back(fit.end_seen[last]);
  }
}

std::optional<std::size_t> SegmentTable::PiecesBefore(std::size_t block) const {
  if (block == 0) return 0;
  const auto found = std::lower_bound(block_end_.begin(), block_end_.end(), block);
  if (found == block_end_.end() || *found != block) return std::nullopt;
  return found - block_end_.begin() + 1;
}

void SegmentTable::Row(std::size_t first_piece, std::span<double> seconds) const {
  // Forward sums, never differences of prefix sums: they round exactly as the original tool does.
  double sum = 0;
  std::size_t block = FirstBlock(first_piece);
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    for (; block < block_end_[first_piece + i]; ++block) sum += block_seconds_[block];
    seconds[i] = Estimate(first_piece, first_piece + i, sum);
  }
  for (std::size_t i = row_begin_[first_piece]; i < row_begin_[first_piece + 1]; ++i) {
    const std::size_t place = measurements_[i].last_piece - first_piece;
    if (place >= seconds.size()) break;
    seconds[place] = measurements_[i].seconds;
  }
}

Seconds SegmentTable::Time(std::size_t first_piece, std::size_t last_piece) const {
  const auto* measurement = Find(first_piece, last_piece);
  if (measurement != nullptr) return Seconds(measurement->seconds);
  return Seconds(Estimate(first_piece, last_piece, BlockSum(first_piece, last_piece)));
}

SegmentOrigin SegmentTable::Origin(std::size_t first_piece, std::size_t last_piece) const {
  if (Find(first_piece, last_piece) != nullptr) return SegmentOrigin::kMeasured;
  if (!HasFit()) return SegmentOrigin::kBlockSum;
  return begin_seen_[first_piece] && end_seen_[last_piece] ? SegmentOrigin::kFitted
                                                           : SegmentOrigin::kExtrapolated;
}

std::optional<Seconds> SegmentTable::Deviation(std::size_t first_piece,
                                               std::size_t last_piece) const {
  const SegmentOrigin origin = Origin(first_piece, last_piece);
  if (origin == SegmentOrigin::kBlockSum) return std::nullopt;
  if (origin == SegmentOrigin::kMeasured) {
    const double deviation = Find(first_piece, last_piece)->deviation;
    return deviation == 0 ? std::nullopt : std::optional(Seconds(deviation));
  }
  const double sum = BlockSum(first_piece, last_piece);
  const double time = Estimate(first_piece, last_piece, sum);
  const double scatter = std::max(relative_deviation_, 0.0) * time;
  const bool is_assumption = origin == SegmentOrigin::kExtrapolated || relative_deviation_ < 0;
  return Seconds(std::hypot(scatter, is_assumption ? sum - time : 0));
}

double SegmentTable::BlockSum(std::size_t first_piece, std::size_t last_piece) const {
  double sum = 0;
  for (std::size_t block = FirstBlock(first_piece); block < block_end_[last_piece]; ++block) {
    sum += block_seconds_[block];
  }
  return sum;
}

double SegmentTable::Estimate(std::size_t first_piece, std::size_t last_piece,
                              double block_sum) const {
  if (!HasFit()) return block_sum;
  return std::max(begin_seconds_[first_piece] + end_seconds_[last_piece],
                  kLeastPartOfBlockSum * block_sum);
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

Seconds SegmentTime(const ModelProfile& model, int first_layer, int last_layer) {
  const std::vector<int> last_layers = BlockEnds(model);
  return SegmentTable(model, last_layers)
      .Time(*Find(FirstLayers(model, last_layers), first_layer), *Find(last_layers, last_layer));
}

}  // namespace scission
