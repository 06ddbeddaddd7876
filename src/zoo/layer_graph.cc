#include "zoo/layer_graph.h"

#include <algorithm>
#include <utility>

namespace scission {
namespace {

/// Depth-first from the output, inputs in the order of the call.
class Traversal {
 public:
  explicit Traversal(std::span<const KerasLayer> layers)
      : layers_(layers), met_(layers.size(), -1) {}

  void Visit(int layer) {
    if (met_[layer] >= 0) return;
    met_[layer] = next_++;
    for (const int input : layers_[layer].inputs) Visit(input);
    finished_.push_back(layer);
  }

  /// When each layer was met first.
  const std::vector<int>& met() const { return met_; }
  /// Every layer after all of its inputs.
  const std::vector<int>& finished() const { return finished_; }

 private:
  std::span<const KerasLayer> layers_;
  std::vector<int> met_;
  std::vector<int> finished_;
  int next_ = 0;
};

/// Edges of the longest way from each layer to the output.
std::vector<int> Depths(std::span<const KerasLayer> layers, const std::vector<int>& inputs_first) {
  std::vector<int> depths(layers.size(), 0);
  for (auto layer = inputs_first.rbegin(); layer != inputs_first.rend(); ++layer) {
    for (const int input : layers[*layer].inputs) {
      depths[input] = std::max(depths[input], depths[*layer] + 1);
    }
  }
  return depths;
}

}  // namespace

std::vector<int> KerasOrder(std::span<const KerasLayer> layers, KerasTensor output) {
  Traversal traversal(layers);
  traversal.Visit(output.layer);
  std::vector<int> order = traversal.finished();
  const std::vector<int> depths = Depths(layers, order);
  std::ranges::sort(order, {},
                    [&](int layer) { return std::pair(-depths[layer], traversal.met()[layer]); });
  return order;
}

}  // namespace scission
