#include "bench/range_groups.h"

#include <algorithm>
#include <set>

namespace scission {

Bytes WeightsOf(const Graph& graph, LayerRange range) {
  Bytes sum;
  for (int i = range.first; i <= range.last; ++i) {
    sum += graph.layers[static_cast<std::size_t>(i)].weight_bytes;
  }
  return sum;
}

std::vector<LayerRange> ChainThrough(const Graph& graph, const std::vector<LayerRange>& ranges) {
  std::set<int> first_layers;
  for (const LayerRange& range : ranges) {
    first_layers.insert(range.first);
    first_layers.insert(range.last + 1);
  }
  std::vector<LayerRange> chain;
  int first = 0;
  for (const int next : first_layers) {
    if (next == 0) continue;
    chain.push_back({first, next - 1});
    first = next;
  }
  if (first <= WholeOf(graph).last) chain.push_back({first, WholeOf(graph).last});
  return chain;
}

std::vector<std::vector<LayerRange>> GroupByWeights(const Graph& graph,
                                                    std::vector<LayerRange> ranges, Bytes budget) {
  std::stable_sort(ranges.begin(), ranges.end(), [&](LayerRange a, LayerRange b) {
    return WeightsOf(graph, a) > WeightsOf(graph, b);
  });
  std::vector<std::vector<LayerRange>> groups;
  std::vector<Bytes> room;
  for (const LayerRange& range : ranges) {
    const Bytes weights = WeightsOf(graph, range);
    const auto found =
        std::find_if(room.begin(), room.end(), [&](Bytes free) { return weights <= free; });
    const auto group = static_cast<std::size_t>(found - room.begin());
    if (found == room.end()) {
      room.push_back(budget);
      groups.emplace_back();
    }
    room[group].count -= weights.count;
    groups[group].push_back(range);
  }
  return groups;
}

}  // namespace scission
