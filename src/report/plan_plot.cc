#include "report/plan_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "report/gnuplot.h"
#include "report/plan_text.h"

namespace scission {
namespace {

constexpr int kPixelsPerBar = 18;
constexpr int kMinWidth = 1000;
constexpr int kMaxWidth = 6000;  // cairo draws no more than some 32,000
constexpr int kHeight = 600;
constexpr int kMarginPixels = 100;

/// Colours that colour-blind people can tell apart (Okabe & Ito 2008), transfers in grey. A tier
/// has its own for the first of its hosts.
constexpr std::array<const char*, kTierCount> kTierColors = {"#E69F00", "#009E73", "#0072B2"};
constexpr std::array<const char*, 4> kOtherColors = {"#56B4E9", "#D55E00", "#CC79A7", "#F0E442"};
constexpr const char* kTransferColor = "#8c8c8c";

/// Bars of one colour.
struct Series {
  std::string host;  ///< as in PlanBar
  std::string color;
  std::string title;
};

struct YRange {
  double low = 0;
  double high = 0;
};

std::string LayersText(const BlockLayers& block) {
  if (block.first_layer == block.last_layer) return std::to_string(block.first_layer);
  return fmt::format("{}-{}", block.first_layer, block.last_layer);
}

/// Around all times above 0, from a power of ten.
YRange FindYRange(const std::vector<PlanBar>& bars) {
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
  for (const PlanBar& bar : bars) {
    if (bar.time_ms > 0) low = std::min(low, bar.time_ms);
    high = std::max(high, bar.time_ms);
  }
  if (high == 0) return {0.1, 10};
  return {std::pow(10, std::floor(std::log10(low * 0.8))), high * 1.5};
}

/// Gnuplot takes the text of a tic for a number's format.
std::string TicString(std::string label) {
  for (std::size_t i = label.find('%'); i != label.npos; i = label.find('%', i + 2)) {
    label.insert(i, 1, '%');
  }
  return GnuplotString(label);
}

/// Of more bars than have room for a label, only every so many get one.
std::string Labels(const std::vector<PlanBar>& bars) {
  const std::size_t step = 1 + bars.size() * kPixelsPerBar / kMaxWidth;
  std::vector<std::string> tics;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (i % step != 0 && !bars[i].host.empty()) continue;
    tics.push_back(fmt::format("{} {}", TicString(bars[i].label), i));
  }
  return fmt::format("set xtics ({}) rotate by 90 right font ',9' scale 0\n", Join(tics, ", "));
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
std::string TransferLabel(std::size_t bar, double time_ms, Bytes bytes, const YRange& range) {
  const double height = std::log(time_ms / range.low) / std::log(range.high / range.low);
  const bool fits = height > 0.4;
  return fmt::format(
      "set label '{}' at {},{} rotate by 90 {} front offset 0,{} font ',9' "
      "textcolor rgb '{}'\n",
      TransferText(time_ms, bytes), bar, time_ms, fits ? "right" : "left", fits ? -0.5 : 0.5,
      fits ? "white" : "black");
}

/// What bars on a logarithmic scale cannot show: the size of a transfer, and a time of 0.
std::string BarTexts(const Plan& plan, const std::vector<PlanBar>& bars, const YRange& range) {
  std::string script;
  auto hop = plan.hops.begin();
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const bool is_transfer = bars[i].host.empty();
    if (bars[i].time_ms == 0) {
      script += fmt::format("set label '0' at {},graph 0.012 center font ',9'\n", i);
    } else if (is_transfer) {
      script += TransferLabel(i, bars[i].time_ms, hop->bytes, range);
    }
    if (is_transfer) ++hop;
  }
  return script;
}

/// The bars of one host (or, of none, the transfers), each at its place.
std::string DataBlock(const std::vector<PlanBar>& bars, const std::string& host) {
  std::string data;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (bars[i].host == host && bars[i].time_ms > 0) {
      data += fmt::format("{} {}\n", i, bars[i].time_ms);
    }
  }
  return data;
}

std::vector<Series> MakeSeries(const Plan& plan) {
  std::vector<Series> series;
  std::vector<std::string> tiers;  // of which a host has the colour
  std::size_t others = 0;
  for (const Stage& stage : plan.stages) {
    const auto tier = std::find(kTiers.begin(), kTiers.end(), stage.tier) - kTiers.begin();
    const bool has_tier_color =
        tier < kTierCount && std::find(tiers.begin(), tiers.end(), stage.tier) == tiers.end();
    if (has_tier_color) tiers.push_back(stage.tier);
    series.push_back(
        {stage.host,
         has_tier_color ? kTierColors.at(static_cast<std::size_t>(tier))
                        : kOtherColors.at(others++ % kOtherColors.size()),
         fmt::format("{}({}) {:.4f} s", TierTitle(stage.tier), stage.host, stage.compute.count())});
  }
  if (!plan.hops.empty()) {
    series.push_back({"", kTransferColor, fmt::format("Transfer {:.4f} s", plan.transfer.count())});
  }
  return series;
}

std::string PlotCommand(const Plan& plan, const std::vector<PlanBar>& bars) {
  std::string data;
  std::vector<std::string> plots;
  for (const Series& series : MakeSeries(plan)) {
    const std::string block = DataBlock(bars, series.host);
    const std::string name = fmt::format("$data{}", plots.size());
    // A series without bars (all its times are 0) still has its place in the legend.
    data += fmt::format("{} << EOD\n{}EOD\n", name, block.empty() ? "0 NaN\n" : block);
    plots.push_back(fmt::format("{} using 1:2 with boxes linecolor rgb '{}' title {}", name,
                                series.color, GnuplotString(series.title)));
  }
  return data + "plot " + Join(plots, ", ") + "\n";
}

std::string Style(const std::vector<PlanBar>& bars, const YRange& range) {
  return fmt::format(
      "set xlabel 'Layers of each block'\nset ylabel 'Time (ms)'\nset logscale y\n"
      "set xrange [-0.7:{}]\nset yrange [{}:{}]\nset format y '%g'\n"
      "set style fill solid\nset boxwidth 0.8\nset border 3\nset tics nomirror out\n"
      "set grid ytics linecolor rgb '#dddddd' linetype 1\n"
      "set tmargin 6\n"
      "set key at screen 0.5,0.92 center top horizontal reverse Left samplen 1.5 maxrows 2\n",
      static_cast<double>(bars.size()) - 0.3, range.low, range.high);
}

std::string Title(const Problem& problem, const Plan& plan) {
  return fmt::format("{}: {:.4f} s = {:.4f} s of computing + {:.4f} s of sending", problem.model,
                     plan.latency.count(), plan.compute.count(), plan.transfer.count());
}

}  // namespace

std::vector<PlanBar> PlanBars(const Problem& problem, const Plan& plan) {
  std::vector<PlanBar> bars;
  auto hop = plan.hops.begin();
  for (const Stage& stage : plan.stages) {
    if (hop != plan.hops.end() && hop->to == stage.host) {
      bars.push_back({"to " + Printable(hop->to, 24), ToMilliseconds(hop->time), ""});
      ++hop;
    }
    const ProblemHost& host = problem.host(problem.FindHost(stage.host));
    for (std::size_t block = 0; block < problem.blocks.size(); ++block) {
      const BlockLayers& layers = problem.blocks[block];
      if (layers.first_layer < stage.first_layer || layers.last_layer > stage.last_layer) continue;
      bars.push_back(
          {LayersText(layers), ToMilliseconds(host.times.Time(block, block)), stage.host});
    }
  }
  return bars;
}

void PlotPlan(const Problem& problem, const Plan& plan, const std::filesystem::path& path) {
  const std::vector<PlanBar> bars = PlanBars(problem, plan);
  const YRange range = FindYRange(bars);
  const std::string script = Labels(bars) + HostBoundaries(bars) + BarTexts(plan, bars, range) +
                             Style(bars, range) +
                             fmt::format("set label {} at screen 0.5,0.965 center font ',13'\n",
                                         GnuplotString(Title(problem, plan))) +
                             PlotCommand(plan, bars);
  const int width = kMarginPixels + kPixelsPerBar * static_cast<int>(bars.size());
  DrawPictures(script, {std::clamp(width, kMinWidth, kMaxWidth), kHeight}, path);
}

}  // namespace scission
