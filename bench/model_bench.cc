// How long it takes to make a model of a parsed ONNX graph, and to find its cuts.
#include <benchmark/benchmark.h>

#include "model/contents.h"
#include "model/cuts.h"
#include "model/testing/onnx_builder.h"

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

/// Checking, sorting, shape inference, layers: all of LoadModel but reading the file.
void MakeModelOfNodes(benchmark::State& state) {
  testing::OnnxBuilder builder;
  builder.Input("v0", {1, 64}).Output("v" + std::to_string(state.range(0)));
  for (int i = 1; i <= state.range(0); ++i) {
    const std::string before = "v" + std::to_string(i - 1);
    builder.Node("Add", "v" + std::to_string(i), {before, "v" + std::to_string(i / 10 * 9)});
  }
  for (auto _ : state) benchmark::DoNotOptimize(FindCuts(builder.Make().graph()));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(MakeModelOfNodes)
    ->RangeMultiplier(10)
    ->Range(100, 10000)
    ->Complexity()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace scission
