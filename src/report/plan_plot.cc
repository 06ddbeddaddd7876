#include "report/plan_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "report/block_chart.h"
#include "report/colors.h"
#include "report/gnuplot.h"
#include "report/plan_text.h"

namespace scission {
namespace {

constexpr const char* kTransferColor = "#8c8c8c";

std::vector<double> TimesOf(const std::vector<PlanBar>& bars) {
  std::vector<double> times;
  for (const PlanBar& bar : bars) times.push_back(bar.time_ms);
  return times;
}

/// The labels of transfers are never left out.
std::string StyleOf(const std::vector<PlanBar>& bars) {
  std::vector<std::string> labels;
  std::vector<bool> is_transfer;
  for (const PlanBar& bar : bars) {
    labels.push_back(bar.label);
    is_transfer.push_back(bar.host.empty());
  }
  return ChartStyle(labels, is_transfer);
}

/// A line wherever the data leave a host or reach the next one.
std::string HostBoundaries(const std::vector<PlanBar>& bars) {
  std::string script;
  for (std::size_t i = 1; i < bars.size(); ++i) {
    if (bars[i].host == bars[i - 1].host) continue;
    script += fmt::format(
        "set arrow from {0},graph 0 to {0},graph 1 nohead dashtype 2 "
        "linecolor rgb '#666666'\n",
        static_cast<double>(i) - 0.5);
  }
  return script;
}

std::string TransferText(double time_ms, Bytes bytes) {
  const std::string size = fmt::format("{:.3g} MB", ToMegabytes(bytes));
  return time_ms >= 100 ? fmt::format("{:.0f} ms, {}", time_ms, size)
                        : fmt::format("{:.3g} ms, {}", time_ms, size);
}

/// Inside a high bar in white, else above it.
std::string TransferLabel(std::size_t bar, double time_ms, Bytes bytes, const Axis& axis) {
  const double height = std::log(time_ms / axis.low) / std::log(axis.high / axis.low);
  const bool fits = height > 0.4;
  return fmt::format(
      "set label '{}' at {},{} rotate by 90 {} front offset 0,{} font ',9' "
      "textcolor rgb '{}'\n",
      TransferText(time_ms, bytes), bar, time_ms, fits ? "right" : "left", fits ? -0.5 : 0.5,
      fits ? "white" : "black");
}

/// What bars on a logarithmic scale cannot show: the size of a transfer, and a time of 0.
std::string BarTexts(const Plan& plan, const std::vector<PlanBar>& bars, const Axis& axis) {
  std::string script;
  auto hop = plan.hops.begin();
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const bool is_transfer = bars[i].host.empty();
    if (bars[i].time_ms == 0) {
      script += ZeroMark(static_cast<double>(i));
    } else if (is_transfer) {
      script += TransferLabel(i, bars[i].time_ms, hop->bytes, axis);
    }
    if (is_transfer) ++hop;
  }
  return script;
}

/// The bars of one host (or, of none, the transfers), each at its place.
std::vector<double> TimesOf(const std::vector<PlanBar>& bars, const std::string& host) {
  std::vector<double> times;
  for (const PlanBar& bar : bars) times.push_back(bar.host == host ? bar.time_ms : 0);
  return times;
}

/// The first host of a tier has the tier's colour, the others one of those that are left.
std::vector<const char*> ColorsOf(const std::vector<Stage>& stages) {
  std::vector<const char*> colors;
  std::set<std::string> tiers;
  std::size_t next = kTierCount;
  for (const Stage& stage : stages) {
    const std::size_t tier = TierIndex(stage.tier);
    const bool has_tier_color = tier < kTierCount && tiers.insert(stage.tier).second;
    colors.push_back(kHostColors.at(has_tier_color ? tier : next));
    if (!has_tier_color && ++next == kHostColors.size()) next = kTierCount;
  }
  return colors;
}

std::vector<ChartSeries> MakeSeries(const Plan& plan, const std::vector<PlanBar>& bars) {
  const std::vector<const char*> colors = ColorsOf(plan.stages);
  std::vector<ChartSeries> series;
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    const Stage& stage = plan.stages[i];
    series.push_back(
        {TimesOf(bars, stage.host),
         fmt::format("{}({}) {:.4f} s", TierTitle(stage.tier), stage.host, stage.compute.count()),
         colors[i]});
  }
  if (!plan.hops.empty()) {
    series.push_back({TimesOf(bars, ""), fmt::format("Transfer {:.4f} s", plan.transfer.count()),
                      kTransferColor});
  }
  return series;
}

std::string Title(const Problem& problem, const Plan& plan) {
  return problem.model + ": " + LatencyText(plan);
}

}  // namespace

std::vector<PlanBar> PlanBars(const Problem& problem, const Plan& plan) {
  std::vector<PlanBar> bars;
  auto hop = plan.hops.begin();
  const auto add_hop = [&] {
    bars.push_back({"to " + Printable(hop->to, 24), ToMilliseconds(hop->time), ""});
    ++hop;
  };
  for (const Stage& stage : plan.stages) {
    if (hop != plan.hops.end() && hop->to == stage.host) add_hop();
    const ProblemHost& host = problem.host(problem.FindHost(stage.host));
    for (std::size_t block = 0; block < problem.blocks.size(); ++block) {
      const BlockLayers& layers = problem.blocks[block];
      if (layers.first_layer < stage.first_layer || layers.last_layer > stage.last_layer) continue;
      bars.push_back({LayersLabel(layers.first_layer, layers.last_layer),
                      ToMilliseconds(host.times.Time(block, block)), stage.host});
    }
  }
  if (hop != plan.hops.end()) add_hop();  // the output on its way back
  return bars;
}

void PlotPlan(const Problem& problem, const Plan& plan, const std::filesystem::path& path) {
  const std::vector<PlanBar> bars = PlanBars(problem, plan);
  const Axis axis = LogarithmicAxis(TimesOf(bars));
  DrawPictures(StyleOf(bars) + AxisStyle("y", axis, "Time (ms)") + HostBoundaries(bars) +
                   BarTexts(plan, bars, axis) + ChartTitle(Title(problem, plan)) +
                   PlotCommand(MakeSeries(plan, bars)),
               ChartSize(bars.size()), path);
}

}  // namespace scission
