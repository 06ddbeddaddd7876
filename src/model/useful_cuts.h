// Which cuts are worth measuring.
#pragma once

#include <vector>

#include "model/cuts.h"

namespace scission {

struct UsefulCuts {
  std::vector<Cut> cuts;
  int inside_kernels = 0;  ///< left out: inside what an engine runs as one operator
  int dominated = 0;       ///< left out: a neighbour is better
};

/// Leaves out two kinds of `cuts` (FindCuts of `graph`). The result depends on the graph alone, so
/// all hosts keep the same cuts.
///
/// 1. Cuts *inside kernels*: an activation crosses whose only reader is computed by the operator
///    that makes it, or copies no data: convolution | batch norm | bias or scale | residual
///    addition | activation, matrix product | bias | activation, padding | convolution or pooling,
///    anything | flatten or dropout. That is what ONNX Runtime 1.30 fuses on the CPU. Where
///    the operator ends there is a cut that this rule keeps, or the model's end, and no more bytes
///    cross there; of padding, that is true of the cut before it.
/// 2. *Dominated* cuts: both neighbours that remain send fewer bytes. If A runs the block before
///    such a cut and B the one behind it, and the times of blocks add up, then moving the cut to
///    one of its neighbours makes the plan faster on any link, unless A is faster than B at the one
///    block and B faster than A at the other. The first and the last cut are never left out for
///    this.
///
/// So the fastest plan is lost only in the exceptional case of 2. Plans for other objectives, such
/// as the most equal stages, or under constraints that name layers, may be found only with all
/// cuts. O(layers + cuts x crossing activations).
UsefulCuts FindUsefulCuts(const Graph& graph, const std::vector<Cut>& cuts);

}  // namespace scission
