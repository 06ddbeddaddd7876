// How long a segment takes on a host: between what was measured and the planner.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/units.h"
#include "profile/profile.h"

namespace scission {

/// Time of the layers first_layer..last_layer run as one segment: the median of the measured range
/// where exactly this range was measured, else the sum of the medians of its blocks. Both must be
/// bounds of blocks of `model`, and every block must have a measured range (readers see to it).
Seconds SegmentTime(const ModelProfile& model, int first_layer, int last_layer);

/// SegmentTime of every segment that begins and ends at given cuts. Pieces are what lies between
/// neighbouring cuts, numbered from 0. Takes memory for the blocks and the measured ranges, not for
/// all segments.
class SegmentTable {
 public:
  /// `last_layers`: the last layer of each piece, ascending; each must be the last layer of a block
  /// of `model`, and the last one the model's last layer.
  SegmentTable(const ModelProfile& model, const std::vector<int>& last_layers);

  /// Seconds of the segments from `first_piece` to itself, to the next piece and so on, as many as
  /// `seconds` has room for. O(blocks + measured ranges that begin there).
  void Row(std::size_t first_piece, std::span<double> seconds) const;
  /// first_piece <= last_piece; O(blocks between them).
  Seconds Time(std::size_t first_piece, std::size_t last_piece) const;
  /// True where the segment was measured as one range, false where its blocks are summed.
  bool Measured(std::size_t first_piece, std::size_t last_piece) const {
    return Find(first_piece, last_piece) != nullptr;
  }

  bool operator==(const SegmentTable&) const = default;

 private:
  struct Measurement {
    std::size_t last_piece = 0;
    double seconds = 0;

    bool operator==(const Measurement&) const = default;
  };

  const Measurement* Find(std::size_t first_piece, std::size_t last_piece) const;

  std::vector<double> block_seconds_;
  std::vector<std::size_t> block_end_;     ///< [piece]: behind its last block
  std::vector<Measurement> measurements_;  ///< by first piece, then last piece
  std::vector<std::size_t> row_begin_;     ///< [piece], and the end: into measurements_
};

}  // namespace scission
