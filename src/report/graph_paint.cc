#include "report/graph_paint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "report/colors.h"

namespace scission {
namespace {

/// ColorBrewer's YlOrBr with six classes, the slowest first.
constexpr std::array<const char*, 6> kTimeColors = {"#993404", "#D95F0E", "#FE9929",
                                                    "#FEC44F", "#FEE391", "#FFFFD4"};

/// `layers`: what the plan or profile named `place` is of.
void CheckCoverage(const Graph& graph, const LayerRange& layers, const std::string& place) {
  if (layers == WholeOf(graph)) return;
  throw InputError(place, fmt::format("is of the layers {} to {}, where the model has 0 to {}",
                                      layers.first, layers.last, WholeOf(graph).last));
}

/// Those of the tiers for the first hosts of the tiers, then whatever is free.
std::vector<std::string> HostColors(const std::vector<Stage>& stages) {
  std::set<std::string> used;
  std::map<std::string, std::string> color_of;
  const auto take = [&](const std::string& host, const std::string& color) {
    if (!color_of.contains(host) && used.insert(color).second) color_of[host] = color;
  };
  for (const Stage& stage : stages) {
    const std::size_t tier = TierIndex(stage.tier);
    if (tier < kTiers.size()) take(stage.host, kHostColors[tier]);
  }
  for (const Stage& stage : stages) {
    for (const char* color : kHostColors) take(stage.host, color);
  }
  std::vector<std::string> colors;
  for (const Stage& stage : stages) {
    const auto color = color_of.find(stage.host);
    colors.push_back(color == color_of.end() ? "#AAAAAA" : color->second);
  }
  return colors;
}

Cut CutBehind(const Graph& graph, int layer) { return {layer, CrossingActivations(graph, layer)}; }

/// The class of `time` in the scale whose top is `slowest`.
std::size_t TimeClass(Seconds time, Seconds slowest) {
  std::size_t index = 0;
  for (Seconds limit = slowest / 2; index + 1 < kTimeColors.size() && time < limit; limit /= 2) {
    ++index;
  }
  return index;
}

std::vector<LegendEntry> TimeLegend(Seconds slowest) {
  std::vector<LegendEntry> legend;
  Seconds high = slowest;
  for (const char* color : kTimeColors) {
    const bool is_last = color == kTimeColors.back();
    legend.push_back({color, is_last ? "below " + TimeText(high)
                                     : TimeText(high / 2) + " to " + TimeText(high)});
    high /= 2;
  }
  return legend;
}

}  // namespace

std::string SizeText(Bytes size) {
  if (size.count >= 1e4) return fmt::format("{:.3g} MB", ToMegabytes(size));
  if (size.count >= 1e3) return fmt::format("{:.3g} kB", size.count / 1e3);
  return fmt::format("{:.3g} B", size.count);
}

std::string TimeText(Seconds time) {
  const double milliseconds = ToMilliseconds(time);
  if (milliseconds >= 999.5) return fmt::format("{:.3g} s", time.count());
  return fmt::format("{:.3g} ms", milliseconds);
}

GraphPaint PaintPlan(const Graph& graph, const std::vector<Cut>& cuts, const PlanFile& plan,
                     const std::string& place) {
  CheckCoverage(graph, {plan.stages.front().first_layer, plan.stages.back().last_layer}, place);
  GraphPaint paint;
  paint.caption = fmt::format("plan: {}", TimeText(plan.latency));
  std::map<int, Cut> all_cuts;
  for (const Cut& cut : cuts) all_cuts[cut.layer] = cut;
  const std::vector<std::string> colors = HostColors(plan.stages);
  auto hop = plan.hops.begin();
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    const Stage& stage = plan.stages[i];
    const int before = stage.first_layer - 1;
    if (hop != plan.hops.end() && (i > 0 || plan.hops.size() == plan.stages.size())) {
      paint.hops[before] = fmt::format("{} to {}: {}, {}", hop->from, hop->to, SizeText(hop->bytes),
                                       TimeText(hop->time));
      if (i == 0) paint.source = hop->from;
      ++hop;
    }
    if (i > 0) all_cuts.try_emplace(before, CutBehind(graph, before));
    paint.layers.push_back({{stage.first_layer, stage.last_layer}, colors[i], ""});
    paint.legend.push_back(
        {colors[i], fmt::format("{} {}: layers {}-{}, {}", stage.tier, stage.host,
                                stage.first_layer, stage.last_layer, TimeText(stage.compute))});
  }
  for (const auto& [layer, cut] : all_cuts) paint.cuts.push_back(cut);
  return paint;
}

GraphPaint PaintProfile(const Graph& graph, const ModelProfile& profile, const Host& host,
                        const std::string& place) {
  CheckCoverage(graph, {profile.blocks.front().first_layer, profile.blocks.back().last_layer},
                place);
  std::vector<Seconds> times;
  for (const Block& block : profile.blocks) {
    times.push_back(profile.FindRange(block.first_layer, block.last_layer)->TypicalTime());
  }
  const Seconds slowest = *std::max_element(times.begin(), times.end());
  Seconds sum{0};
  GraphPaint paint;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const Block& block = profile.blocks[i];
    if (i > 0) paint.cuts.push_back(CutBehind(graph, block.first_layer - 1));
    paint.layers.push_back({{block.first_layer, block.last_layer},
                            kTimeColors[TimeClass(times[i], slowest)],
                            TimeText(times[i])});
    sum += times[i];
  }
  paint.caption = fmt::format("{} {}, sum of the blocks: {}", host.tier, host.name, TimeText(sum));
  paint.legend = TimeLegend(slowest);
  return paint;
}

}  // namespace scission
