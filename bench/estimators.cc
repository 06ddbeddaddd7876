#include "estimators.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
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

std::vector<double> CutBytes(const ModelProfile& profile) {
  std::vector<double> bytes;
  for (const Block& block : profile.blocks) bytes.push_back(block.output_bytes.count);
  bytes.pop_back();
  return bytes;
}

/// The range fit drawn towards sums of blocks, whatever crosses the cuts.
RangeTimes FitWithoutBytes(const ModelProfile& profile) {
  const std::vector<double> no_bytes(profile.blocks.size() - 1);
  const auto fit = FitRanges(no_bytes, RangeTimesOf(profile));
  return ForAll(profile, [&](std::size_t first, std::size_t last) {
    return fit->begin[first] + fit->end[last];
  });
}

/// The range fit also of ranges that were measured.
RangeTimes FitThroughout(const ModelProfile& profile) {
  const auto fit = FitRanges(CutBytes(profile), RangeTimesOf(profile));
  return ForAll(profile, [&](std::size_t first, std::size_t last) {
    return fit->begin[first] + fit->end[last];
  });
}

/// The range fit of ranges that were not measured; the others are not weighed against it.
RangeTimes FitOfOthers(const ModelProfile& profile) {
  RangeTimes times = FitThroughout(profile);
  for (const auto& [first, last, seconds, _] : RangeTimesOf(profile)) times[first][last] = seconds;
  return times;
}

RangeTimes SegmentTimes(const ModelProfile& profile) {
  std::vector<int> last_layers;
  for (const Block& block : profile.blocks) last_layers.push_back(block.last_layer);
  const SegmentTable table(profile, last_layers);
  return ForAll(profile, [&](std::size_t first, std::size_t last) {
    return table.Time(first, last).count();
  });
}

/// How far a measured range is from the fit, as a part of the fitted time.
struct Residual {
  std::size_t first = 0;
  std::size_t last = 0;
  double error = 0;
};

/// The range fit, its times times one more than what `correction` says of a range.
template <typename Correction>
RangeTimes Corrected(const ModelProfile& profile, const Correction& correction) {
  const auto measured = RangeTimesOf(profile);
  const RangeFit fit = FitRanges(CutBytes(profile), measured).value();
  std::vector<Residual> residuals;
  for (const auto& [first, last, seconds, _] : measured) {
    residuals.push_back({first, last, seconds / (fit.begin[first] + fit.end[last]) - 1});
  }
  const double sigma = fit.relative_deviation.value_or(0);
  const auto correct = correction(residuals, sigma);
  return ForAll(profile, [&](std::size_t first, std::size_t last) {
    if (Find(profile, first, last) != nullptr) return Median(profile, first, last);
    return (fit.begin[first] + fit.end[last]) * (1 + correct(first, last));
  });
}

/// Between the nearest residuals before and behind `place`, or what the only one of them says;
/// nothing where there is none. `line`: by place.
std::optional<double> Interpolated(const std::map<std::size_t, double>& line, std::size_t place) {
  if (line.empty()) return std::nullopt;
  const auto behind = line.lower_bound(place);
  if (behind == line.begin()) return behind->second;
  const auto before = std::prev(behind);
  if (behind == line.end()) return before->second;
  const double part = static_cast<double>(place - before->first) /
                      static_cast<double>(behind->first - before->first);
  return before->second + part * (behind->second - before->second);
}

/// By the errors of the measured ranges that begin or end with the same block, interpolated: the
/// mean of both. `bound`: how far, in standard deviations of the fit.
RangeTimes CorrectedByNeighbours(const ModelProfile& profile, double bound) {
  return Corrected(profile, [bound](const std::vector<Residual>& residuals, double sigma) {
    std::map<std::size_t, std::map<std::size_t, double>> rows;
    std::map<std::size_t, std::map<std::size_t, double>> columns;
    for (const auto& [first, last, error] : residuals) {
      rows[first][last] = error;
      columns[last][first] = error;
    }
    return [=](std::size_t first, std::size_t last) {
      const double row = Interpolated(rows.at(first), last).value_or(0);
      const double column = Interpolated(columns.at(last), first).value_or(0);
      return std::clamp((row + column) / 2, -bound * sigma, bound * sigma);
    };
  });
}

/// Solves a symmetric, positive definite system; `matrix` becomes its Cholesky factor.
std::vector<double> Solve(std::vector<std::vector<double>>& matrix, std::vector<double> right) {
  const std::size_t size = right.size();
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= matrix[i][k] * matrix[j][k];
      matrix[i][j] = i == j ? std::sqrt(sum) : sum / matrix[j][j];
    }
    for (std::size_t k = 0; k < i; ++k) right[i] -= matrix[i][k] * right[k];
    right[i] /= matrix[i][i];
  }
  for (std::size_t i = size; i-- > 0;) {
    for (std::size_t k = i + 1; k < size; ++k) right[i] -= matrix[k][i] * right[k];
    right[i] /= matrix[i][i];
  }
  return right;
}

/// By a Gaussian process over beginning and end: half of the residuals' variance falls off with the
/// distance, to 1/e in a fifth of the model; the other half is noise. O(ranges^3).
RangeTimes Kriged(const ModelProfile& profile) {
  const double reach = static_cast<double>(profile.blocks.size()) / 5;
  return Corrected(profile, [reach](const std::vector<Residual>& residuals, double) {
    const auto covariance = [reach](const Residual& one, std::size_t first, std::size_t last) {
      const auto distance = [](std::size_t a, std::size_t b) {
        return static_cast<double>(std::max(a, b) - std::min(a, b));
      };
      return std::exp(-(distance(one.first, first) + distance(one.last, last)) / reach);
    };
    std::vector<std::vector<double>> matrix;
    std::vector<double> errors;
    for (const Residual& one : residuals) {
      std::vector<double>& row = matrix.emplace_back();
      for (const Residual& other : residuals) {
        row.push_back(covariance(one, other.first, other.last));
      }
      row[matrix.size() - 1] += 1;  // the noise
      errors.push_back(one.error);
    }
    const std::vector<double> weights = Solve(matrix, errors);
    return [=](std::size_t first, std::size_t last) {
      double sum = 0;
      for (std::size_t i = 0; i < residuals.size(); ++i) {
        sum += weights[i] * covariance(residuals[i], first, last);
      }
      return sum;
    };
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
      {"range fit of measured ranges too", Effort::kNormal, FitThroughout},
      {"range fit, measured ranges as measured", Effort::kNormal, FitOfOthers},
      {"range fit, corrected by neighbours", Effort::kNormal,
       [](const ModelProfile& profile) { return CorrectedByNeighbours(profile, INFINITY); }},
      {"the same, by one sigma at most", Effort::kNormal,
       [](const ModelProfile& profile) { return CorrectedByNeighbours(profile, 1); }},
      {"range fit and Gaussian process", Effort::kNormal, Kriged},
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
    const std::vector<Seconds> all = range.SamplesAtUsualPace();
    range.samples.clear();
    range.precision.reset();
    range.paces.clear();
    for (std::size_t i = begin; i < all.size(); i += 2) range.samples.push_back(all[i]);
  }
  return half;
}

}  // namespace scission
