#include "report/graph_legend.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "report/layer_kind.h"

namespace scission {
namespace {

/// A cell that shows how something is drawn, and what it means; HTML.
struct LegendCell {
  std::string sample;
  std::string text;
};

std::string Html(const std::string& text) {
  std::string html;
  for (const char c : Printable(text)) {
    switch (c) {
      case '\\':
        html += "\\\\";
        break;
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string ColorSample(const std::string& color) {
  return fmt::format(
      R"(<td border="1" style="rounded" color="#444444" bgcolor="{}" width="22"></td>)", color);
}

std::vector<LegendCell> ColorCells(const Graph& graph, const GraphView& view) {
  std::vector<LegendCell> cells;
  for (const LegendEntry& entry : view.paint.legend) {
    cells.push_back({ColorSample(entry.color), Html(entry.text)});
  }
  if (!view.paint.layers.empty()) return cells;
  std::set<LayerKind> kinds;
  for (const Layer& layer : graph.layers) kinds.insert(KindOf(layer.type));
  for (const LayerKind kind : kinds) {
    cells.push_back({ColorSample(StyleOf(kind).color), Html(StyleOf(kind).title)});
  }
  return cells;
}

std::vector<LegendCell> SignCells(const GraphView& view, int columns) {
  std::vector<LegendCell> cells;
  if (!view.paint.cuts.empty()) {
    cells.push_back({R"(<td border="1" style="dashed" color="#B00040" width="22"></td>)",
                     "cut, and what would be sent there"});
  }
  if (!view.paint.hops.empty()) {
    cells.push_back({R"(<td border="2" color="#B00040" width="22"></td>)", "transfer of the plan"});
  }
  if (columns > 1) {
    cells.push_back({R"(<td bgcolor="#444444" width="22"><font color="white">A</font></td>)",
                     "goes on at the same letter"});
  }
  cells.push_back({"<td>&#8594;</td>", "thicker: a larger tensor"});
  return cells;
}

std::string Row(const std::vector<LegendCell>& cells, std::size_t begin, std::size_t end) {
  std::string row = "<tr>";
  for (std::size_t i = begin; i < std::min(end, cells.size()); ++i) {
    row += cells[i].sample + R"(<td align="left">)" + cells[i].text + "  </td>";
  }
  return row + "</tr>";
}

std::string Rows(const std::vector<LegendCell>& cells, std::size_t cells_in_row) {
  std::string rows;
  for (std::size_t i = 0; i < cells.size(); i += cells_in_row) {
    rows += Row(cells, i, i + cells_in_row);
  }
  return rows;
}

std::string Line(const std::string& html) {
  return R"(<tr><td align="left">)" + html + "</td></tr>";
}

}  // namespace

std::string LegendLabel(const Graph& graph, const GraphView& view, int columns) {
  const auto cells_in_row = static_cast<std::size_t>(std::clamp(2 * columns, 2, 8));
  std::string rows = Line(R"(<font point-size="14"><b>)" + Html(view.title) + "</b></font>");
  if (!view.paint.caption.empty()) {
    rows += Line(R"(<font point-size="12">)" + Html(view.paint.caption) + "</font>");
  }
  rows += Line(R"(<table border="0" cellspacing="4" cellpadding="1">)" +
               Rows(ColorCells(graph, view), cells_in_row) +
               Rows(SignCells(view, columns), cells_in_row) + "</table>");
  return R"(<<table border="0" cellspacing="0">)" + rows + "</table>>";
}

}  // namespace scission
