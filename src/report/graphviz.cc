#include "report/graphviz.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "base/file.h"
#include "report/tool.h"

namespace scission {
namespace {

constexpr Tool kDot = {"dot", "graphviz", "draws the graphs"};
constexpr std::chrono::seconds kTimeLimit{60};
constexpr std::size_t kMaxFileBytes = 1u << 30;

constexpr double kDpi = 96;
constexpr double kMinDpi = 64;  // letters of 10 points are 9 pixels high
constexpr double kPointsPerInch = 72;
constexpr double kMaxSide = 32'767;
constexpr double kMaxPixels = 100e6;

std::optional<std::string> Render(const std::string& dot, const std::string& format, double dpi) {
  const TemporaryFolder folder;
  const std::string input = folder.path() / "graph.dot";
  const std::string output = folder.path() / "picture";
  WriteFileAtomically(input, dot);
  const bool done = RunTool(
      kDot, {"-T" + format, fmt::format("-Gdpi={:.2f}", dpi), "-o", output, input}, kTimeLimit);
  if (!done) return std::nullopt;
  return ReadFile(output, kMaxFileBytes);
}

}  // namespace

std::optional<std::string> RenderSvg(const std::string& dot) {
  return Render(dot, "svg", kPointsPerInch);
}

std::optional<std::string> RenderPng(const std::string& dot, double dpi) {
  return Render(dot, "png", dpi);
}

PointSize SizeOfSvg(const std::string& svg) {
  PointSize size;
  const auto start = svg.find("<svg width=");
  if (start == svg.npos || std::sscanf(svg.c_str() + start, "<svg width=\"%lfpt\" height=\"%lfpt\"",
                                       &size.width, &size.height) != 2) {
    throw std::runtime_error("dot wrote an SVG file without a size");
  }
  return size;
}

std::optional<double> BitmapDpi(PointSize size) {
  const double width = size.width / kPointsPerInch;
  const double height = size.height / kPointsPerInch;
  const double dpi = std::min({kDpi, std::floor(kMaxSide / std::max(width, height)),
                               std::floor(std::sqrt(kMaxPixels / (width * height)))});
  if (dpi < kMinDpi) return std::nullopt;
  return dpi;
}

}  // namespace scission
