// Measures every range of a model's blocks: the truth against which predictions are judged.
//   exhaustive MODEL THREADS MAX_BLOCKS ROUNDS PROFILE.json
// Of models with more blocks, cuts are left out, evenly. Ends with 4 where other programs, the
// hypervisor or heat took part of the processor meanwhile; the profile is kept and says so. That
// the model's own pace changed is kept in the profile too, but is no failure: it is what a machine
// does.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "bench/host_info.h"
#include "bench/machine_state.h"
#include "bench/model_input.h"
#include "bench/range_benchmark.h"
#include "model/useful_cuts.h"
#include "profile/profile_io.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

std::vector<Cut> Thinned(const std::vector<Cut>& cuts, std::size_t count) {
  std::vector<Cut> thinned;
  count = std::min(count, cuts.size());
  for (std::size_t i = 0; i < count; ++i) {
    thinned.push_back(cuts[(2 * i + 1) * cuts.size() / (2 * count)]);
  }
  return thinned;
}

Block DescribeBlock(const Graph& graph, LayerRange range) {
  Block block{.first_layer = range.first, .last_layer = range.last};
  block.output_bytes = SizeOf(graph, CrossingActivations(graph, range.last));
  return block;
}

/// Of the machine, apart from the model's pace.
bool WasDisturbed(Stability stability, const std::string& file) {
  stability.unstable_ranges = 0;
  if (stability.IsStable()) return false;
  fmt::print(stderr, "exhaustive: {}: the machine was disturbed: {}\n", file, stability.Reasons());
  return true;
}

int Measure(const std::string& name, int threads, std::size_t max_blocks, int rounds,
            const std::string& file) {
  const EngineOptions engine{.threads = threads};
  Model model = OpenModel(name, {.trace_shapes = TraceShapes});
  const Graph& graph = model.graph();
  const UsefulCuts useful = FindUsefulCuts(graph, FindCuts(graph));
  const auto blocks = BlocksBetween(graph, Thinned(useful.cuts, max_blocks - 1));
  std::vector<LayerRange> ranges;
  ModelProfile profile;
  profile.model = model.name();
  profile.model_hash = model.Hash();
  profile.date = UtcNow();
  profile.engine = EngineVersion();
  profile.provider = ToText(engine.provider);
  profile.threads = threads;
  profile.input_bytes = SizeOf(graph, graph.inputs);
  for (std::size_t first = 0; first < blocks.size(); ++first) {
    profile.blocks.push_back(DescribeBlock(graph, blocks[first]));
    for (std::size_t last = first; last < blocks.size(); ++last) {
      ranges.push_back({blocks[first].first, blocks[last].last});
    }
  }
  fmt::print(stderr, "{}, threads: {}; {} of {} useful cuts, {} ranges\n", name, threads,
             blocks.size() - 1, useful.cuts.size(), ranges.size());
  const TensorMap inputs = MakeInput(model, "").values;
  const MachineState before = ReadMachineState();
  profile.ranges = MeasureRanges(std::move(model), inputs, ranges, engine,
                                 {.min_rounds = rounds, .max_rounds = rounds}, [](auto&&...) {});
  profile.stability = StabilityBetween(before, ReadMachineState());
  for (const MeasuredRange& range : profile.ranges) {
    profile.stability->unstable_ranges += range.is_unstable ? 1 : 0;
  }
  const Host host = DescribeThisHost("edge", fmt::format("threads{}", threads));
  WriteProfile({file, host, {profile}}, file);
  return WasDisturbed(*profile.stability, file) ? 4 : 0;
}

}  // namespace
}  // namespace scission

int main(int argc, char** argv) {
  if (argc != 6) {
    fmt::print(stderr, "usage: exhaustive MODEL THREADS MAX_BLOCKS ROUNDS PROFILE.json\n");
    return 2;
  }
  try {
    return scission::Measure(argv[1], std::atoi(argv[2]),
                             static_cast<std::size_t>(std::atoi(argv[3])), std::atoi(argv[4]),
                             argv[5]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "exhaustive: {}: {}\n", argv[1], error.what());
    return 1;
  }
}
