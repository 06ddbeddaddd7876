#include "bench/model_benchmark.h"

#include <algorithm>
#include <optional>

#include "base/file.h"
#include "bench/host_info.h"
#include "bench/lean_loading.h"
#include "model/lifetimes.h"
#include "model/mapped_weights.h"
#include "model/useful_cuts.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

/// `live_bytes`: of the activations, while each layer runs.
Block DescribeBlock(const Graph& graph, const std::vector<Bytes>& live_bytes, LayerRange range) {
  Block block;
  block.first_layer = range.first;
  block.last_layer = range.last;
  block.output_bytes = SizeOf(graph, CrossingActivations(graph, range.last));
  Bytes peak;
  for (int i = range.first; i <= range.last; ++i) {
    const Layer& layer = graph.layers[static_cast<std::size_t>(i)];
    block.layer_types.push_back(layer.type);
    block.parameters += layer.parameters;
    block.weight_bytes += layer.weight_bytes;
    block.macs += layer.macs;
    block.flops += layer.flops;
    peak = std::max(peak, live_bytes[static_cast<std::size_t>(i)]);
  }
  block.peak_activation_bytes = peak;
  return block;
}

/// One model's benchmark, step by step.
class Benchmark {
 public:
  Benchmark(const BenchmarkOptions& options, const BenchmarkProgress& progress)
      : options_(options), progress_(progress) {}

  ModelProfile Run(const std::string& model_name) {
    progress_("loading", 0, 0);
    const Seconds start = SteadyClock().Now();
    Model model = OpenModel(model_name, options_.load);
    const Seconds opened = SteadyClock().Now();
    const TemporaryFolder scratch(options_.scratch_folder);
    model = MapWeights(model, scratch.path() / "weights");
    auto lean = std::make_optional<LeanLoading>(model);

    const Seconds mapped = SteadyClock().Now();
    Session whole(ExtractSegment(model, WholeOf(model.graph())), options_.engine);
    profile_.load_time = opened - start + (SteadyClock().Now() - mapped);

    ModelInput input = MakeInput(model, options_.image);
    profile_.preprocess_time = input.preprocess_time;
    whole.SetInputs(input.values);
    const Seconds first_run = SteadyClock().Now();
    whole.Run();
    profile_.first_run_time = SteadyClock().Now() - first_run;

    Describe(model);
    lean.reset();

    RangeBenchmark ranges(model, whole, std::move(input.values), ranges_, options_.engine,
                          progress_);
    if (options_.announce) {
      options_.announce(ranges_.size(), ranges.ExpectedTime(options_.measure));
    }
    profile_.ranges = ranges.Measure(options_.measure, progress_);
    return std::move(profile_);
  }

 private:
  void Describe(const Model& model) {
    const Graph& graph = model.graph();
    profile_.model = model.name();
    profile_.model_hash = model.Hash();
    profile_.date = UtcNow();
    profile_.engine = EngineVersion();
    profile_.provider = ToText(options_.engine.provider);
    profile_.threads = ThreadCount(options_.engine);
    profile_.batch_size = static_cast<int>(model.batch_size());
    profile_.input_bytes = SizeOf(graph, graph.inputs);
    const std::vector<LayerRange> blocks = BlocksBetween(graph, ChooseCuts(graph));
    const std::vector<Bytes> live_bytes = LiveBytes(graph);
    for (const LayerRange& block : blocks) {
      profile_.blocks.push_back(DescribeBlock(graph, live_bytes, block));
    }
    ranges_ = RangesOf(blocks, options_.effort);
  }

  std::vector<Cut> ChooseCuts(const Graph& graph) {
    std::vector<Cut> cuts = FindCuts(graph, options_.max_cut_tensors);
    if (options_.keeps_all_cuts) return cuts;
    UsefulCuts useful = FindUsefulCuts(graph, cuts);
    profile_.cuts_left_out = static_cast<int>(cuts.size() - useful.cuts.size());
    return std::move(useful.cuts);
  }

  const BenchmarkOptions& options_;
  const BenchmarkProgress& progress_;
  ModelProfile profile_;
  std::vector<LayerRange> ranges_;
};

}  // namespace

ModelProfile BenchmarkModel(const std::string& model_name, const BenchmarkOptions& options,
                            const BenchmarkProgress& progress) {
  return Benchmark(options, progress).Run(model_name);
}

}  // namespace scission
