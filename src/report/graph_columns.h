// Where the long chain of a model's picture is wrapped into columns.
#pragma once

#include <vector>

#include "report/graph_units.h"

namespace scission {

/// Heights in the picture, in points.
inline constexpr double kLineHeight = 12;
inline constexpr double kBoxMargin = 8;
inline constexpr double kRankGap = 16;
inline constexpr double kCutHeight = 18;

/// The layers behind which a column of the picture ends, the last column's left out, so that the
/// columns are about equally high and side by side make a picture that is wider than high. A column
/// ends only behind a unit where few tensors cross. Empty: one column.
std::vector<int> ColumnEnds(const Graph& graph, const std::vector<Unit>& units,
                            const std::vector<Cut>& cuts);

}  // namespace scission
