#include "report/graph_picture.h"

#include <fmt/format.h>

#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "report/graph_dot.h"
#include "report/graphviz.h"

namespace scission {
namespace {

/// A file's contents, or why there are none.
struct Rendering {
  std::optional<std::string> contents;
  std::string problem;
};

Rendering RenderBitmap(const std::string& dot, const std::string& svg) {
  const PointSize size = SizeOfSvg(svg);
  const std::optional<double> dpi = BitmapDpi(size);
  if (!dpi) {
    return {{},
            fmt::format("{:.0f} x {:.0f} points are too many for a readable bitmap", size.width,
                        size.height)};
  }
  return {RenderPng(dot, *dpi), "it takes too long to draw"};
}

/// Lays pictures out once for all formats.
class Layout {
 public:
  Layout(const Graph& graph, const GraphView& view) : dot_(GraphDot(graph, view)) {}

  Rendering Render(const std::string& format) {
    if (format == "dot") return {dot_.text, {}};
    if (!svg_) svg_ = RenderSvg(dot_.text);
    if (format == "svg" || !svg_) return {svg_, "it takes too long to lay out"};
    return RenderBitmap(dot_.text, *svg_);
  }

  int columns() const { return dot_.columns; }

 private:
  DotGraph dot_;
  std::optional<std::string> svg_;
};

}  // namespace

std::vector<GraphFile> WriteGraph(const Graph& graph, const GraphView& view,
                                  const std::vector<std::string>& formats,
                                  const std::filesystem::path& stem,
                                  const std::function<void(const std::string&)>& warn) {
  GraphView collapsed_view = view;
  collapsed_view.collapse_blocks = true;
  Layout whole(graph, view);
  std::optional<Layout> collapsed;
  std::vector<GraphFile> files;
  for (const std::string& format : formats) {
    const std::string file = stem.string() + "." + format;
    Layout* layout = &whole;
    Rendering rendering = layout->Render(format);
    if (!rendering.contents && !view.collapse_blocks) {
      warn(fmt::format("{}: {}; blocks are collapsed", file, rendering.problem));
      if (!collapsed) collapsed.emplace(graph, collapsed_view);
      layout = &*collapsed;
      rendering = layout->Render(format);
    }
    if (!rendering.contents) throw InputError(file, rendering.problem);
    WriteFileAtomically(file, *rendering.contents);
    files.push_back({file, layout->columns(), layout != &whole || view.collapse_blocks});
  }
  return files;
}

}  // namespace scission
