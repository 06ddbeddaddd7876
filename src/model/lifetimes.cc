#include "model/lifetimes.h"

#include <algorithm>

namespace scission {

std::vector<Bytes> LiveBytes(const Graph& graph) {
  const int layer_count = static_cast<int>(graph.layers.size());
  // How much more is alive in a layer than in the one before it. Whole numbers: the sums are exact.
  std::vector<double> change(graph.layers.size() + 1);
  for (const Activation& activation : graph.activations) {
    const int first = std::max(activation.producer, 0);
    const int last = std::clamp(activation.last_use, first, layer_count - 1);
    const double size = activation.spec.Size().count;
    change[static_cast<std::size_t>(first)] += size;
    change[static_cast<std::size_t>(last) + 1] -= size;
  }
  std::vector<Bytes> live;
  live.reserve(graph.layers.size());
  double alive = 0;
  for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
    alive += change[layer];
    live.push_back(Bytes{alive});
  }
  return live;
}

}  // namespace scission
