// Measures every range of a model's blocks: the truth against which predictions are judged.
//   exhaustive MODEL THREADS MAX_BLOCKS ROUNDS PROFILE.json
// Of models with more blocks, cuts are left out, evenly.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "bench/host_info.h"
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

void Measure(const std::string& name, int threads, std::size_t max_blocks, int rounds,
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
  fmt::print(stderr, "{}, {} threads: {} of {} useful cuts, {} ranges\n", name, threads,
             blocks.size() - 1, useful.cuts.size(), ranges.size());
  const TensorMap inputs = MakeInput(model, "").values;
  profile.ranges = MeasureRanges(std::move(model), inputs, ranges, engine,
                                 {.min_rounds = rounds, .max_rounds = rounds}, [](auto&&...) {});
  const Host host = DescribeThisHost("edge", fmt::format("threads{}", threads));
  WriteProfile({file, host, {profile}}, file);
}

}  // namespace
}  // namespace scission

int main(int argc, char** argv) {
  if (argc != 6) {
    fmt::print(stderr, "usage: exhaustive MODEL THREADS MAX_BLOCKS ROUNDS PROFILE.json\n");
    return 2;
  }
  scission::Measure(argv[1], std::atoi(argv[2]), static_cast<std::size_t>(std::atoi(argv[3])),
                    std::atoi(argv[4]), argv[5]);
}
