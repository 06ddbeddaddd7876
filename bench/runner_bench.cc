// What it costs that a segment runs in a process of its own.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <string_view>

#include "base/file.h"
#include "engine/random_input.h"
#include "model/testing/onnx_builder.h"
#include "runner/segment_process.h"
#include "runner/segment_runner.h"

namespace scission {
namespace {

Deadline Soon() { return std::chrono::steady_clock::now() + std::chrono::minutes(1); }

/// A request without a model: from this process to the other and back. `range(0)` bytes are copied
/// into the slot, as a worker does with what it received.
void Probe(benchmark::State& state) {
  SegmentProcess process({.is_probe = true}, Soon());
  const auto bytes = static_cast<std::size_t>(state.range(0));
  const std::string message(bytes, 'x');
  for (auto _ : state) {
    if (bytes > 0) std::memcpy(process.Input(0, 0, bytes), message.data(), bytes);
    process.Start(0, {{bytes}}, Codec::kNone, Soon());
    benchmark::DoNotOptimize(process.Wait(Soon()));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}
BENCHMARK(Probe)->Arg(0)->Arg(1 << 10)->Arg(1 << 20)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// y = relu(x) of `bytes` bytes: little work for much data.
onnx::ModelProto Relu(std::int64_t bytes) {
  testing::OnnxBuilder builder;
  builder.Input("x", {1, bytes / 4}).Output("y");
  builder.Node("Relu", "y", {"x"});
  return builder.proto();
}

void InAProcess(benchmark::State& state) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "model.onnx";
  WriteFileAtomically(file, Relu(state.range(0)).SerializeAsString());
  SegmentProcess process({.model = file, .engine = {.threads = 1}}, Soon());
  const std::string input = RandomInputs(process.inputs(), 1).at("x").data;
  std::memcpy(process.Input(0, 0, input.size()), input.data(), input.size());
  double compute = 0;
  for (auto _ : state) {
    process.Start(0, {{input.size()}}, Codec::kNone, Soon());
    compute += process.Wait(Soon()).compute.count();
  }
  state.counters["compute_us"] =
      benchmark::Counter(compute * 1e6, benchmark::Counter::kAvgIterations);
}
BENCHMARK(InAProcess)->Arg(1 << 10)->Arg(1 << 20)->Unit(benchmark::kMicrosecond)->UseRealTime();

void InThisProcess(benchmark::State& state) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "model.onnx";
  WriteFileAtomically(file, Relu(state.range(0)).SerializeAsString());
  const Model model = LoadModel(file);
  const SegmentModel segment = ExtractSegment(model, WholeOf(model.graph()));
  Session session(segment, {.threads = 1});
  session.SetInputs(RandomInputs(segment.inputs, 1));
  for (auto _ : state) session.Run();
}
BENCHMARK(InThisProcess)->Arg(1 << 10)->Arg(1 << 20)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// From nothing to a model that can be called.
void StartAProcess(benchmark::State& state) {
  for (auto _ : state) SegmentProcess({.is_probe = true}, Soon());
}
BENCHMARK(StartAProcess)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace scission

int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == std::string_view(scission::kSegmentRunnerCommand)) {
    return scission::RunSegmentRunner();
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
