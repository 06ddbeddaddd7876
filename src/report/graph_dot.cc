#include "report/graph_dot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "base/text.h"
#include "report/graph_columns.h"
#include "report/graph_legend.h"

namespace scission {
namespace {

constexpr std::size_t kMaxTextBytes = 400;
constexpr double kPointsPerInch = 72;

/// What a label must not hold as it stands: Graphviz reads backslashes and character entities.
std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : Printable(text, kMaxTextBytes)) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c == '&' ? std::string("&amp;") : std::string(1, c);
  }
  return escaped;
}

/// Of a field of a record, where braces and bars are structure.
std::string EscapeField(std::string_view text) {
  std::string escaped;
  for (const char c : Escape(text)) {
    if (std::string_view("{}|<> ").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string Label(const std::vector<std::string>& lines) {
  std::vector<std::string> escaped;
  for (const std::string& line : lines) escaped.push_back(Escape(line));
  return "\"" + Join(escaped, "\\n") + "\"";
}

/// The attribute that becomes the title of an SVG element, which browsers show under the mouse.
/// Graphviz reads the backslashes in it twice.
std::string Tooltip(const std::string& text) {
  std::string doubled;
  for (const char c : text) doubled += c == '\\' ? std::string("\\\\") : std::string(1, c);
  return "tooltip=" + DotString(doubled);
}

/// White or black, whichever contrasts more with `color` (relative luminance, WCAG 2).
const char* TextColorOn(const std::string& color) {
  const long rgb = std::strtol(color.c_str() + 1, nullptr, 16);
  const auto linear = [&](int shift) {
    return std::pow(static_cast<double>(rgb >> shift & 0xFF) / 255, 2.2);
  };
  const double luminance = 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0);
  return luminance < 0.179 ? "white" : "black";
}

/// A, B, ..., Z, AA, ...
std::string Letters(int number) {
  std::string text;
  for (++number; number > 0; number = (number - 1) / 26) {
    text.insert(text.begin(), static_cast<char>('A' + (number - 1) % 26));
  }
  return text;
}

class DotWriter {
 public:
  DotWriter(const Graph& graph, const GraphView& view)
      : graph_(graph), view_(view), tails_(graph.activations.size()) {
    for (const Activation& activation : graph.activations) {
      if (BitsPerElement(activation.spec.type) == 0) continue;
      largest_ = std::max(largest_, activation.spec.Size().count);
    }
  }

  DotGraph Run() {
    const std::vector<Unit> units = MakeUnits(graph_, view_);
    const std::vector<int> ends = ColumnEnds(graph_, units, view_.paint.cuts);
    const int columns = static_cast<int>(ends.size()) + 1;
    WriteHeader(columns);
    WriteInputs();
    auto cut = view_.paint.cuts.begin();
    for (const Unit& unit : units) {
      WriteUnit(unit);
      for (; cut != view_.paint.cuts.end() && cut->layer <= unit.layers.last; ++cut) {
        WriteCut(*cut);
      }
      if (std::binary_search(ends.begin(), ends.end(), unit.layers.last)) {
        WriteColumnEnd(unit.layers.last);
      }
    }
    WriteOutputs();
    text_ += "}\n";
    return {std::move(text_), columns};
  }

 private:
  const Activation& At(int activation) const {
    return graph_.activations[static_cast<std::size_t>(activation)];
  }
  std::string& Tail(int activation) { return tails_[static_cast<std::size_t>(activation)]; }

  void WriteHeader(int columns) {
    constexpr const char* kFont = "DejaVu Sans,Verdana,sans-serif";
    text_ += fmt::format(
        "digraph model {{\n"
        "graph [label={}, labelloc=t, labeljust=l, fontname=\"{}\", fontsize=10, ranksep={:.3f}, "
        "nodesep=0.15, pad=0.2, pack=28, packmode=\"array_it{}\"];\n"
        "node [shape=box, style=\"filled,rounded\", fontname=\"{}\", fontsize=10, "
        "margin=\"0.1,0.04\", height=0.2, width=0.3, color=\"#444444\"];\n"
        "edge [color=\"#444444\", arrowsize=0.6];\n",
        LegendLabel(graph_, view_, columns), kFont, kRankGap / kPointsPerInch, columns, kFont);
  }

  /// An InputLayer stands for the first input; every other one gets an oval.
  void WriteInputs() {
    const bool has_layer = !graph_.layers.empty() && graph_.layers[0].node_count == 0;
    const bool is_sent = view_.paint.hops.contains(-1);
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
      if (i == 0 && has_layer && !is_sent) continue;
      const TensorSpec& spec = At(graph_.inputs[i]).spec;
      WriteOval(fmt::format("i{}", i),
                is_sent ? spec.name + " at " + view_.paint.source : spec.name, spec);
      Tail(graph_.inputs[i]) = fmt::format("i{}", i);
    }
    if (is_sent) WriteCut({-1, graph_.inputs});
  }

  void WriteOutputs() {
    for (std::size_t i = 0; i < graph_.outputs.size(); ++i) {
      const TensorSpec& spec = At(graph_.outputs[i]).spec;
      WriteOval(fmt::format("o{}", i), spec.name, spec);
      WriteEdge(graph_.outputs[i], fmt::format("o{}", i));
    }
  }

  void WriteOval(const std::string& id, const std::string& name, const TensorSpec& spec) {
    text_ += fmt::format("{} [shape=oval, style=filled, fillcolor=white, label={}, {}];\n", id,
                         Label({Printable(name, 40), ToText(spec.shape)}),
                         Tooltip(name + "; " + TensorText(spec)));
  }

  void WriteUnit(const Unit& unit) {
    const std::string id = fmt::format("l{}", unit.layers.first);
    text_ +=
        fmt::format("{} [label={}, fillcolor=\"{}\", fontcolor={}, {}];\n", id, Label(unit.lines),
                    unit.color, TextColorOn(unit.color), Tooltip(unit.tooltip));
    for (int i = unit.layers.first; i <= unit.layers.last; ++i) {
      const Layer& layer = graph_.layers[static_cast<std::size_t>(i)];
      for (const int input : layer.inputs) WriteEdge(input, id);
      for (const int output : layer.outputs) Tail(output) = id;
      if (layer.node_count > 0 || layer.main_output < 0) continue;
      WriteEdge(layer.main_output, id);
      Tail(layer.main_output) = id;
    }
  }

  /// Nothing where the tensor begins at `head` itself.
  void WriteEdge(int activation, const std::string& head, bool has_arrow = true) {
    const std::string& tail = Tail(activation);
    if (tail.empty() || tail == head || !edges_.emplace(tail, head).second) return;
    const TensorSpec& spec = At(activation).spec;
    const double size = BitsPerElement(spec.type) == 0 ? 0 : spec.Size().count;
    text_ += fmt::format("{} -> {} [penwidth={:.2f}, {}{}];\n", tail, head,
                         0.6 + 2.2 * std::sqrt(size / std::max(largest_, 1.0)),
                         Tooltip(spec.name + "; " + TensorText(spec)),
                         has_arrow ? "" : ", arrowhead=none");
  }

  /// One box, with a field for each tensor, so that it stays visible which one goes where.
  void WriteCut(const Cut& cut) {
    const auto hop = view_.paint.hops.find(cut.layer);
    const bool is_hop = hop != view_.paint.hops.end();
    const std::string id = fmt::format("c{}", cut.layer + 1);
    std::vector<std::string> fields;
    for (std::size_t i = 0; i < cut.activations.size(); ++i) {
      std::string text = TensorBytes(cut.activations[i]);
      if (is_hop && i == 0) text = hop->second;
      if (!is_hop && i == 0) text = fmt::format("cut behind {}: {}", cut.layer, text);
      if (i > 0) text = "+ " + text;
      fields.push_back(fmt::format("<t{}> {}", i, EscapeField(text)));
    }
    text_ += fmt::format("{} [shape=record, label=\"{}\", {}, {}];\n", id, Join(fields, "|"),
                         is_hop ? kHopStyle : kCutStyle, Tooltip(CutTooltip(cut)));
    for (std::size_t i = 0; i < cut.activations.size(); ++i) {
      const std::string port = fmt::format("{}:t{}", id, i);
      WriteEdge(cut.activations[i], port, false);
      Tail(cut.activations[i]) = port;
    }
  }

  std::string TensorBytes(int activation) const {
    const TensorSpec& spec = At(activation).spec;
    return BitsPerElement(spec.type) == 0 ? "size not known" : SizeText(spec.Size());
  }

  std::string CutTooltip(const Cut& cut) const {
    std::vector<std::string> tensors;
    for (const int i : cut.activations) {
      tensors.push_back(Printable(At(i).spec.name) + "; " + TensorText(At(i).spec));
    }
    return fmt::format("behind layer {}: {}", cut.layer, Join(tensors, ", "));
  }

  /// Every tensor that is still needed ends at a letter, and goes on at the same one.
  void WriteColumnEnd(int layer) {
    for (const int activation : CrossingActivations(graph_, layer)) {
      if (Tail(activation).empty()) continue;
      const std::string letter = Letters(connectors_++);
      for (const char* end : {"out", "in"}) {
        text_ += fmt::format("{}_{} [label=\"{}\", {}, {}];\n", end, letter, letter,
                             kConnectorStyle, Tooltip(TensorText(At(activation).spec)));
      }
      WriteEdge(activation, "out_" + letter);
      Tail(activation) = "in_" + letter;
    }
  }

  static constexpr const char* kCutStyle =
      "style=dashed, color=\"#B00040\", fontcolor=\"#B00040\", fontsize=9";
  static constexpr const char* kHopStyle =
      "style=\"filled,bold\", fillcolor=white, color=\"#B00040\", fontcolor=\"#B00040\", "
      "penwidth=2";
  static constexpr const char* kConnectorStyle =
      "shape=circle, style=filled, fillcolor=\"#444444\", fontcolor=white, fontsize=9, margin=0, "
      "width=0.25, fixedsize=true";

  const Graph& graph_;
  const GraphView& view_;
  std::string text_;
  std::vector<std::string> tails_;  ///< where the line of each activation goes on; empty: nowhere
  std::set<std::pair<std::string, std::string>> edges_;
  double largest_ = 0;
  int connectors_ = 0;
};

}  // namespace

std::string DotString(std::string_view text) { return "\"" + Escape(text) + "\""; }

DotGraph GraphDot(const Graph& graph, const GraphView& view) {
  return DotWriter(graph, view).Run();
}

}  // namespace scission
