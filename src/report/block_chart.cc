#include "report/block_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace scission {
namespace {

constexpr int kPixelsPerBar = 18;
constexpr int kMinWidth = 1000;
constexpr int kMaxWidth = 6000;  // cairo draws no more than some 32,000
constexpr int kHeight = 600;
constexpr int kMarginPixels = 100;

struct Span {
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
};

Span SpanAboveZero(const std::vector<double>& values) {
  Span span;
  for (const double value : values) {
    if (value > 0) span.low = std::min(span.low, value);
    span.high = std::max(span.high, value);
  }
  return span;
}

/// Gnuplot takes the text of a tic for a number's format.
std::string TicString(std::string label) {
  for (std::size_t i = label.find('%'); i != label.npos; i = label.find('%', i + 2)) {
    label.insert(i, 1, '%');
  }
  return GnuplotString(label);
}

std::string DataBlock(const ChartSeries& series) {
  std::string data;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (!(series.values[i] > 0)) continue;
    data += fmt::format("{} {}\n", static_cast<double>(i) + series.shift, series.values[i]);
  }
  // A series without values still has its place in the key.
  return data.empty() ? "0 NaN\n" : data;
}

}  // namespace

std::string LayersLabel(int first_layer, int last_layer) {
  return first_layer == last_layer ? std::to_string(first_layer)
                                   : fmt::format("{}-{}", first_layer, last_layer);
}

Axis LogarithmicAxis(const std::vector<double>& values) {
  const Span span = SpanAboveZero(values);
  if (span.high == 0) return {0.1, 10, true};
  return {std::pow(10, std::floor(std::log10(span.low * 0.8))), span.high * 1.5, true};
}

Axis FittingAxis(const std::vector<double>& values) {
  constexpr double kTwoDecades = 100;
  const Span span = SpanAboveZero(values);
  if (span.high > span.low * kTwoDecades) return LogarithmicAxis(values);
  return {0, span.high == 0 ? 10 : span.high * 1.1, false};
}

PictureSize ChartSize(std::size_t bars) {
  const std::size_t width = kMarginPixels + kPixelsPerBar * std::min<std::size_t>(bars, kMaxWidth);
  return {std::clamp(static_cast<int>(width), kMinWidth, kMaxWidth), kHeight};
}

std::string ChartStyle(const std::vector<std::string>& labels, const std::vector<bool>& is_kept) {
  const std::size_t step = 1 + labels.size() * kPixelsPerBar / kMaxWidth;
  std::vector<std::string> tics;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i % step != 0 && (is_kept.empty() || !is_kept[i])) continue;
    tics.push_back(fmt::format("{} {}", TicString(labels[i]), i));
  }
  return fmt::format(
      "set xtics ({}) rotate by 90 right font ',9' scale 0\n"
      "set xlabel 'Layers of each block'\nset xrange [-0.7:{}]\n"
      "set style fill solid\nset boxwidth 0.8\nset border 3\nset tics nomirror out\n"
      "set grid ytics linecolor rgb '#dddddd' linetype 1\n"
      "set tmargin 6\n"
      "set key at screen 0.5,0.92 center top horizontal reverse Left samplen 1.5 maxrows 2\n",
      Join(tics, ", "), static_cast<double>(labels.size()) - 0.3);
}

std::string ChartTitle(std::string_view title) {
  return fmt::format("set label {} at screen 0.5,0.965 center font ',13'\n", GnuplotString(title));
}

std::string AxisStyle(const std::string& name, const Axis& axis, std::string_view title,
                      TicFormat format) {
  const bool is_right = name == "y2";
  const char* prefixed = axis.is_logarithmic ? "%.0s %c" : "%.1s %c";  // the first only has 10^n
  return fmt::format("set {0}label {1}\n{2}{3}set {0}range [{4}:{5}]\nset format {0} '{6}'\n", name,
                     GnuplotString(title),
                     is_right ? "set border 11\nset y2tics nomirror out\n" : "",
                     axis.is_logarithmic ? "set logscale " + name + "\n" : "", axis.low, axis.high,
                     format == TicFormat::kPrefixed ? prefixed : "%g");
}

std::string ZeroMark(double x) {
  return fmt::format("set label '0' at {},graph 0.012 center font ',9'\n", x);
}

std::string PlotCommand(const std::vector<ChartSeries>& series) {
  std::string data;
  std::vector<std::string> plots;
  for (const ChartSeries& one : series) {
    const std::string name = fmt::format("$data{}", plots.size());
    data += fmt::format("{} << EOD\n{}EOD\n", name, DataBlock(one));
    plots.push_back(fmt::format("{} using 1:2 axes {} with {} linecolor rgb '{}' title {}", name,
                                one.axes, one.style, one.color, GnuplotString(one.title)));
  }
  return data + "plot " + Join(plots, ", ") + "\n";
}

}  // namespace scission
