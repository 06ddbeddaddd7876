#include "estimators.h"

#include <algorithm>
#include <set>
#include <utility>

#include "profile/range_fit.h"
#include "profile/segment_time.h"

namespace scission {
namespace {

/// Fills in what `time` says of every range.
template <typename Time>
RangeTimes ForAll(const ModelProfile& profile, const Time& time) {
  const std::size_t blocks = profile.blocks.size();
  RangeTimes times(blocks, std::vector<double>(blocks));
  for (std::size_t first = 0; first < blocks; ++first) {
    for (std::size_t last = first; last < blocks; ++last) times[first][last] = time(first, last);
  }
  return times;
}

const MeasuredRange* Find(const ModelProfile& profile, std::size_t first, std::size_t last) {
  return profile.FindRange(profile.blocks[first].first_layer, profile.blocks[last].last_layer);
}

double Median(const ModelProfile& profile, std::size_t first, std::size_t last) {
  return Find(profile, first, last)->TypicalTime().count();
}

double BlockSum(const ModelProfile& profile, std::size_t first, std::size_t last) {
  double sum = 0;
  for (std::size_t i = first; i <= last; ++i) sum += Median(profile, i, i);
  return sum;
}

RangeTimes BlockSums(const ModelProfile& profile) {
  return ForAll(
      profile, [&](std::size_t first, std::size_t last) { return BlockSum(profile, first, last); });
}

RangeTimes ScaledBlockSums(const ModelProfile& profile) {
  const std::size_t end = profile.blocks.size() - 1;
  const double scale = Median(profile, 0, end) / BlockSum(profile, 0, end);
  return ForAll(profile, [&](std::size_t first, std::size_t last) {
    return first == last ? Median(profile, first, last) : scale * BlockSum(profile, first, last);
  });
}

/// The same time off for every cut inside, such that the whole is met.
RangeTimes EqualSavings(const ModelProfile& profile) {
  const std::size_t end = profile.blocks.size() - 1;
  const double saving =
      (BlockSum(profile, 0, end) - Median(profile, 0, end)) / static_cast<double>(end);
  return ForAll(profile, [&](std::size_t first, std::size_t last) {
    return BlockSum(profile, first, last) - saving * static_cast<double>(last - first);
  });
}

RangeTimes PrefixDifferences(const ModelProfile& profile) {
  return ForAll(profile, [&](std::size_t first, std::size_t last) {
    return Median(profile, 0, last) - (first == 0 ? 0 : Median(profile, 0, first - 1));
  });
}

RangeTimes PrefixPlusSuffix(const ModelProfile& profile) {
  const std::size_t end = profile.blocks.size() - 1;
  return ForAll(profile, [&](std::size_t first, std::size_t last) {
    return Median(profile, 0, last) + Median(profile, first, end) - Median(profile, 0, end);
  });
}

std::vector<RangeTime> RangeTimesOf(const ModelProfile& profile) {
  std::vector<RangeTime> ranges;
  for (std::size_t first = 0; first < profile.blocks.size(); ++first) {
    for (std::size_t last = first; last < profile.blocks.size(); ++last) {
      const MeasuredRange* range = Find(profile, first, last);
      if (range != nullptr) ranges.push_back({first, last, range->TypicalTime().count()});
    }
  }
  return ranges;
}

/// The range fit drawn towards sums of blocks, whatever crosses the cuts.
RangeTimes FitWithoutBytes(const ModelProfile& profile) {
  const std::vector<double> no_bytes(profile.blocks.size() - 1);
  const auto fit = FitRanges(no_bytes, RangeTimesOf(profile));
  return ForAll(profile, [&](std::size_t first, std::size_t last) {
    return fit->begin[first] + fit->end[last];
  });
}

RangeTimes SegmentTimes(const ModelProfile& profile) {
  std::vector<int> last_layers;
  for (const Block& block : profile.blocks) last_layers.push_back(block.last_layer);
  const SegmentTable table(profile, last_layers);
  return ForAll(profile, [&](std::size_t first, std::size_t last) {
    return table.Time(first, last).count();
  });
}

}  // namespace

std::vector<Estimator> Estimators() {
  return {
      {"sum of blocks", Effort::kQuick, BlockSums},
      {"sum scaled to the whole", Effort::kQuick, ScaledBlockSums},
      {"equal savings", Effort::kQuick, EqualSavings},
      {"prefix - prefix", Effort::kNormal, PrefixDifferences},
      {"prefix + suffix - whole", Effort::kNormal, PrefixPlusSuffix},
      {"range fit without bytes", Effort::kNormal, FitWithoutBytes},
      {"range fit, quick", Effort::kQuick, SegmentTimes},
      {"range fit, normal", Effort::kNormal, SegmentTimes},
  };
}

RangeTimes MediansOf(const ModelProfile& exhaustive) {
  return ForAll(exhaustive, [&](std::size_t first, std::size_t last) {
    return Median(exhaustive, first, last);
  });
}

ModelProfile Restricted(const ModelProfile& exhaustive, Effort effort) {
  std::vector<LayerRange> blocks;
  for (const Block& block : exhaustive.blocks) {
    blocks.push_back({block.first_layer, block.last_layer});
  }
  std::set<std::pair<int, int>> wanted;
  for (const LayerRange& range : RangesOf(blocks, effort)) wanted.emplace(range.first, range.last);
  ModelProfile restricted = exhaustive;
  std::erase_if(restricted.ranges, [&](const MeasuredRange& range) {
    return !wanted.contains({range.first_layer, range.last_layer});
  });
  return restricted;
}

ModelProfile HalfOf(const ModelProfile& profile, std::size_t begin) {
  ModelProfile half = profile;
  for (MeasuredRange& range : half.ranges) {
    std::vector<Seconds> samples;
    for (std::size_t i = begin; i < range.samples.size(); i += 2) {
      samples.push_back(range.samples[i]);
    }
    range.samples = samples;
  }
  return half;
}

}  // namespace scission
