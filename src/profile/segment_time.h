// How long a segment takes on a host: between what was measured and the planner.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/units.h"
#include "profile/profile.h"
#include "profile/range_fit.h"

namespace scission {

/// What the time of a segment rests on.
enum class SegmentOrigin {
  kMeasured,      ///< exactly this range was measured, and weighed against the fit
  kFitted,        ///< a fit to the measured ranges, some of which begin and end where it does
  kExtrapolated,  ///< the fit, where no measured range of several blocks begins or ends there
  kBlockSum,      ///< the sum of its blocks: nothing longer was measured
};

/// Times of all segments that begin and end at given cuts, on one host. Pieces are what lies
/// between neighbouring cuts, numbered from 0. Measured ranges count by their typical times,
/// weighed against a fit to all of them, but for the whole model: the machine's usual pace is the
/// one at which that takes its time. Others count by the fit alone (profile/range_fit.h), at a
/// tenth of the sum of their blocks at least. Takes memory for the blocks and the measured ranges,
/// not for all segments.
class SegmentTable {
 public:
  /// `last_layers`: the last layer of each piece, ascending; each must be the last layer of a block
  /// of `model`, and the last one the model's last layer. Every block must have a measured range
  /// (readers see to it).
  SegmentTable(const ModelProfile& model, const std::vector<int>& last_layers);

  /// Seconds of the segments from `first_piece` to itself, to the next piece and so on, as many as
  /// `seconds` has room for. O(blocks + measured ranges that begin there).
  void Row(std::size_t first_piece, std::span<double> seconds) const;
  /// first_piece <= last_piece; O(blocks between them), and so are the next two.
  Seconds Time(std::size_t first_piece, std::size_t last_piece) const;
  SegmentOrigin Origin(std::size_t first_piece, std::size_t last_piece) const;
  /// The standard error of Time(): of a measurement, from its samples; of a fit, from how far
  /// measured ranges are from it, and where it extrapolates, from how far it is from the sum of the
  /// blocks as well. Absent where nothing tells: sums of blocks, and ranges with a single sample.
  std::optional<Seconds> Deviation(std::size_t first_piece, std::size_t last_piece) const;

  bool operator==(const SegmentTable&) const = default;

 private:
  struct Measurement {
    std::size_t last_piece = 0;
    double seconds = 0;
    double deviation = 0;  ///< 0: not known

    bool operator==(const Measurement&) const = default;
  };

  void AddMeasurements(const std::vector<RangeTime>& ranges, const std::optional<RangeFit>& fit);
  void AddFit(const RangeFit& fit);
  /// How many end before `block`, which may be one behind the last; nothing where one goes on
  /// there.
  std::optional<std::size_t> PiecesBefore(std::size_t block) const;
  bool HasFit() const { return !begin_seconds_.empty(); }
  const Measurement* Find(std::size_t first_piece, std::size_t last_piece) const;
  std::size_t FirstBlock(std::size_t piece) const { return piece == 0 ? 0 : block_end_[piece - 1]; }
  double BlockSum(std::size_t first_piece, std::size_t last_piece) const;
  double Estimate(std::size_t first_piece, std::size_t last_piece, double block_sum) const;

  std::vector<double> block_seconds_;
  std::vector<std::size_t> block_end_;     ///< [piece]: behind its last block
  std::vector<Measurement> measurements_;  ///< by first piece, then last piece
  std::vector<std::size_t> row_begin_;     ///< [piece], and the end: into measurements_
  // The fit; empty where there is none.
  std::vector<double> begin_seconds_;  ///< [piece]: of a segment that begins with it
  std::vector<double> end_seconds_;    ///< [piece]: of a segment that ends with it
  std::vector<bool> begin_seen_;
  std::vector<bool> end_seen_;
  double relative_deviation_ = 0;  ///< negative: not known
};

/// Time of the layers first_layer..last_layer, both bounds of blocks of `model`, as SegmentTable
/// has it. Costs a SegmentTable.
Seconds SegmentTime(const ModelProfile& model, int first_layer, int last_layer);

}  // namespace scission
