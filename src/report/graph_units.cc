#include "report/graph_units.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "report/layer_kind.h"

namespace scission {
namespace {

constexpr std::size_t kMaxNameBytes = 32;  // of a label; the tooltip has all of it
constexpr std::size_t kMaxTypes = 5;       // that a block's label counts

const Layer& LayerAt(const Graph& graph, int layer) {
  return graph.layers[static_cast<std::size_t>(layer)];
}

const TensorSpec* OutputOf(const Graph& graph, int layer) {
  const int output = LayerAt(graph, layer).main_output;
  return output < 0 ? nullptr : &graph.activations[static_cast<std::size_t>(output)].spec;
}

std::string WorkText(std::int64_t parameters, std::int64_t flops) {
  std::string text;
  if (parameters > 0) text += fmt::format("; {} parameters", parameters);
  if (flops > 0) text += fmt::format("; {:.3g} MFLOPs", static_cast<double>(flops) / 1e6);
  return text;
}

Unit LayerUnit(const Graph& graph, int number) {
  const Layer& layer = LayerAt(graph, number);
  const TensorSpec* output = OutputOf(graph, number);
  Unit unit{{number, number}, {}, {}, StyleOf(KindOf(layer.type)).color};
  unit.lines.push_back(fmt::format("{}  {}", number, Printable(layer.name, kMaxNameBytes)));
  unit.lines.push_back(Printable(layer.type, kMaxNameBytes));
  if (output != nullptr) unit.lines.back() += "  " + ToText(output->shape);
  unit.tooltip =
      fmt::format("layer {}: {} ({})", number, Printable(layer.name), Printable(layer.type));
  if (output != nullptr) unit.tooltip += "; " + TensorText(*output);
  unit.tooltip += WorkText(layer.parameters, layer.flops);
  return unit;
}

/// "3 x Conv2D", the most frequent first, in the order of the layers where equally frequent.
std::vector<std::string> TypeCounts(const Graph& graph, const LayerRange& layers) {
  std::map<std::string, int> places;
  std::vector<std::pair<int, std::string>> counts;
  for (int layer = layers.first; layer <= layers.last; ++layer) {
    const std::string& type = LayerAt(graph, layer).type;
    const auto [place, is_new] = places.try_emplace(type, static_cast<int>(counts.size()));
    if (is_new) counts.emplace_back(0, type);
    ++counts[static_cast<std::size_t>(place->second)].first;
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < std::min(kMaxTypes, counts.size()); ++i) {
    texts.push_back(
        fmt::format("{} x {}", counts[i].first, Printable(counts[i].second, kMaxNameBytes)));
  }
  if (counts.size() > kMaxTypes) {
    int rest = 0;
    for (std::size_t i = kMaxTypes; i < counts.size(); ++i) rest += counts[i].first;
    texts.push_back(fmt::format("{} others", rest));
  }
  return texts;
}

/// Coloured as its layer with the most FLOPs.
Unit BlockUnit(const Graph& graph, const LayerRange& layers) {
  Unit unit{layers};
  unit.lines = TypeCounts(graph, layers);
  unit.lines.insert(unit.lines.begin(), fmt::format("layers {}-{}", layers.first, layers.last));
  std::vector<std::string> outputs;
  for (const int i : CrossingActivations(graph, layers.last)) {
    outputs.push_back(TensorText(graph.activations[static_cast<std::size_t>(i)].spec));
  }
  if (outputs.size() == 1) unit.lines.push_back(outputs[0]);
  std::int64_t parameters = 0;
  std::int64_t flops = 0;
  int heaviest = layers.first;
  for (int i = layers.first; i <= layers.last; ++i) {
    const Layer& layer = LayerAt(graph, i);
    parameters += layer.parameters;
    flops += layer.flops;
    if (layer.flops > LayerAt(graph, heaviest).flops) heaviest = i;
  }
  unit.color = StyleOf(KindOf(LayerAt(graph, heaviest).type)).color;
  unit.tooltip =
      fmt::format("layers {} to {}{}", layers.first, layers.last, WorkText(parameters, flops));
  return unit;
}

/// `units` and `paint.layers` are both in order.
void Paint(std::vector<Unit>& units, const GraphPaint& paint) {
  auto painted = paint.layers.begin();
  for (Unit& unit : units) {
    while (painted != paint.layers.end() && painted->layers.last < unit.layers.first) ++painted;
    if (painted == paint.layers.end()) return;
    unit.color = painted->color;
    if (painted->note.empty()) continue;
    const bool is_all = painted->layers == unit.layers;
    const std::string note = is_all ? painted->note
                                    : fmt::format("layers {}-{}: {}", painted->layers.first,
                                                  painted->layers.last, painted->note);
    unit.tooltip += "; " + note;
    if (painted->layers.first == unit.layers.first) unit.lines.push_back(note);
  }
}

}  // namespace

std::string TensorText(const TensorSpec& spec) {
  if (BitsPerElement(spec.type) == 0) return ToText(spec.shape);
  return ToText(spec.shape) + ", " + SizeText(spec.Size());
}

std::vector<Unit> MakeUnits(const Graph& graph, const GraphView& view) {
  std::vector<Unit> units;
  if (view.collapse_blocks) {
    for (const LayerRange& block : BlocksBetween(graph, view.paint.cuts)) {
      const bool is_layer = block.first == block.last;
      units.push_back(is_layer ? LayerUnit(graph, block.first) : BlockUnit(graph, block));
    }
  } else {
    for (int i = 0; i <= WholeOf(graph).last; ++i) units.push_back(LayerUnit(graph, i));
  }
  Paint(units, view.paint);
  return units;
}

}  // namespace scission
