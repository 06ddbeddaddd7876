// How long a segment takes on a host: between what was measured and the planner.
#pragma once

#include <cstddef>
#include <vector>

#include "base/units.h"
#include "profile/profile.h"

namespace scission {

/// Time of the layers first_layer..last_layer run as one segment: the median of the measured range
/// where exactly this range was measured, else the sum of the medians of its blocks. Both must be
/// bounds of blocks of `model`, and every block must have a measured range (readers see to it).
Seconds SegmentTime(const ModelProfile& model, int first_layer, int last_layer);

/// SegmentTime of every segment that begins and ends at given cuts. Pieces are what lies between
/// neighbouring cuts, numbered from 0. O(ranges x samples + pieces x blocks) to build, O(1) to ask.
class SegmentTable {
 public:
  /// `last_layers`: the last layer of each piece, ascending; each must be the last layer of a block
  /// of `model`, and the last one the model's last layer.
  SegmentTable(const ModelProfile& model, const std::vector<int>& last_layers);

  /// first_piece <= last_piece
  Seconds Time(std::size_t first_piece, std::size_t last_piece) const {
    return times_[Index(first_piece, last_piece)];
  }
  /// True where the segment was measured as one range, false where its blocks are summed.
  bool Measured(std::size_t first_piece, std::size_t last_piece) const {
    return measured_[Index(first_piece, last_piece)];
  }

 private:
  std::size_t Index(std::size_t first_piece, std::size_t last_piece) const {
    return first_piece * pieces_ + last_piece;
  }

  std::size_t pieces_;
  std::vector<Seconds> times_;
  std::vector<bool> measured_;
};

}  // namespace scission
