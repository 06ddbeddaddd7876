// How long it takes to find the cuts of a graph.
#include <benchmark/benchmark.h>

#include "model/cuts.h"

namespace scission {
namespace {

/// A chain of layers in which every tenth output is read again nine layers later.
Graph ResidualChain(int layers) {
  Graph graph;
  graph.activations.push_back({{"input", ElementType::kFloat, {1, 64}}, -1, 0});
  graph.inputs = {0};
  for (int i = 0; i < layers; ++i) {
    Layer layer;
    layer.inputs = {i};
    layer.outputs = {i + 1};
    layer.node_count = 1;
    graph.layers.push_back(layer);
    const int last_use = i % 10 == 0 ? std::min(i + 9, layers) : i + 1;
    graph.activations.push_back({{"a", ElementType::kFloat, {1, 64}}, i, last_use});
  }
  graph.outputs = {layers};
  return graph;
}

void FindCutsOfAChain(benchmark::State& state) {
  const Graph graph = ResidualChain(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(FindCuts(graph));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(FindCutsOfAChain)
    ->RangeMultiplier(10)
    ->Range(100, 100000)
    ->Complexity(benchmark::oNLogN)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace scission
