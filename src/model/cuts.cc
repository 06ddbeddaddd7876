#include "model/cuts.h"

#include <algorithm>
#include <set>

namespace scission {
namespace {

bool HasKnownSize(const Activation& activation) {
  return BitsPerElement(activation.spec.type) > 0 && !activation.spec.is_dynamic;
}

/// The activations that must be alive behind each layer, maintained from layer to layer.
class LiveSet {
 public:
  explicit LiveSet(const Graph& graph) : graph_(graph), dying_(graph.layers.size()) {
    for (std::size_t i = 0; i < graph.activations.size(); ++i) {
      const int last_use = graph.activations[i].last_use;
      if (last_use >= 0 && last_use < static_cast<int>(graph.layers.size())) {
        dying_[static_cast<std::size_t>(last_use)].push_back(static_cast<int>(i));
      }
    }
    for (const int input : graph.inputs) Add(input);
  }

  void Pass(int layer) {
    for (const int output : graph_.layers[static_cast<std::size_t>(layer)].outputs) Add(output);
    for (const int dead : dying_[static_cast<std::size_t>(layer)]) alive_.erase(dead);
  }

  const std::set<int>& alive() const { return alive_; }

 private:
  void Add(int activation) {
    if (graph_.activations[static_cast<std::size_t>(activation)].last_use >= 0) {
      alive_.insert(activation);
    }
  }

  const Graph& graph_;
  std::vector<std::vector<int>> dying_;
  std::set<int> alive_;
};

}  // namespace

Bytes SizeOf(const Graph& graph, const std::vector<int>& activations) {
  Bytes size;
  for (const int activation : activations) {
    size += graph.activations[static_cast<std::size_t>(activation)].spec.Size();
  }
  return size;
}

std::vector<Cut> FindCuts(const Graph& graph, int max_tensors) {
  const int layer_count = static_cast<int>(graph.layers.size());
  int last_layer_with_nodes = layer_count - 1;
  while (last_layer_with_nodes > 0 &&
         graph.layers[static_cast<std::size_t>(last_layer_with_nodes)].node_count == 0) {
    --last_layer_with_nodes;
  }
  std::vector<Cut> cuts;
  LiveSet live(graph);
  bool has_nodes = false;
  for (int layer = 0; layer < last_layer_with_nodes; ++layer) {
    live.Pass(layer);
    has_nodes |= graph.layers[static_cast<std::size_t>(layer)].node_count > 0;
    if (!has_nodes || static_cast<int>(live.alive().size()) > max_tensors) continue;
    const bool sizes_known = std::all_of(live.alive().begin(), live.alive().end(), [&](int i) {
      return HasKnownSize(graph.activations[static_cast<std::size_t>(i)]);
    });
    if (!sizes_known) continue;
    cuts.push_back({layer, {live.alive().begin(), live.alive().end()}});
    has_nodes = false;  // the next block needs some of its own
  }
  return cuts;
}

std::vector<LayerRange> BlocksBetween(const Graph& graph, const std::vector<Cut>& cuts) {
  std::vector<LayerRange> blocks;
  int first = 0;
  for (const Cut& cut : cuts) {
    blocks.push_back({first, cut.layer});
    first = cut.layer + 1;
  }
  blocks.push_back({first, WholeOf(graph).last});
  return blocks;
}

std::vector<int> CrossingActivations(const Graph& graph, int layer) {
  if (layer >= WholeOf(graph).last) return graph.outputs;
  std::vector<int> crossing;
  for (std::size_t i = 0; i < graph.activations.size(); ++i) {
    const Activation& activation = graph.activations[i];
    if (activation.producer <= layer && activation.last_use > layer) {
      crossing.push_back(static_cast<int>(i));
    }
  }
  return crossing;
}

}  // namespace scission
