// Draws pictures with Graphviz's dot, run as a process of its own.
#pragma once

#include <optional>
#include <string>

namespace scission {

/// `dot` as an SVG or, of `dpi` dots an inch, a PNG file. Nothing where that takes more than a
/// minute. Throws InputError where Graphviz is not installed.
std::optional<std::string> RenderSvg(const std::string& dot);
std::optional<std::string> RenderPng(const std::string& dot, double dpi);

/// In points, of which an inch has 72.
struct PointSize {
  double width = 0;
  double height = 0;
};

/// The size of the picture in `svg`, which RenderSvg made.
PointSize SizeOfSvg(const std::string& svg);

/// The dots an inch for a bitmap of a picture of `size`: 96, or less where that is beyond 32,767
/// pixels a side, at which Graphviz would scale it, or beyond 100 million. Nothing where its text
/// could not be read any more.
std::optional<double> BitmapDpi(PointSize size);

}  // namespace scission
