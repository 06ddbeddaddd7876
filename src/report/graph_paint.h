// What a picture of a model shows besides its layers: hosts or times.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/cuts.h"
#include "profile/profile.h"
#include "report/plan_file.h"

namespace scission {

/// Layers of one colour.
struct PaintedLayers {
  LayerRange layers;
  std::string color;  ///< "#rrggbb"
  std::string note;   ///< of all of them, stands at the first one; may be empty
};

struct LegendEntry {
  std::string color;
  std::string text;
};

struct GraphPaint {
  std::string caption;                ///< stands below the title; may be empty
  std::vector<Cut> cuts;              ///< in execution order
  std::vector<PaintedLayers> layers;  ///< all layers, in order; empty: coloured by kind
  std::vector<LegendEntry> legend;    ///< of these colours
  /// Text at the cut behind a layer, over which data are sent; -1: the model's input is sent.
  std::map<int, std::string> hops;
  std::string source;  ///< the host of the input, where that is sent
};

/// Layers in the colour of their host, transfers at the cuts. The cuts are `cuts` and those of the
/// plan. Throws InputError starting with `place` where the plan does not cover `graph`.
GraphPaint PaintPlan(const Graph& graph, const std::vector<Cut>& cuts, const PlanFile& plan,
                     const std::string& place);

/// Layers in the colour of the time that their block takes: a scale of factors of two below the
/// slowest block. The cuts are those between the blocks of `profile`, which was measured on `host`.
/// Throws InputError starting with `place` where the blocks do not cover `graph`.
GraphPaint PaintProfile(const Graph& graph, const ModelProfile& profile, const Host& host,
                        const std::string& place);

/// "0.802 MB", "4.1 kB", "40 B"
std::string SizeText(Bytes size);
/// "3.21 ms", "858 ms", "12.3 s"
std::string TimeText(Seconds time);

}  // namespace scission
