#include "bench/model_benchmark.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "bench/codec_benchmark.h"
#include "bench/host_info.h"
#include "bench/lean_loading.h"
#include "bench/machine_state.h"
#include "bench/pace.h"
#include "bench/pin_threads.h"
#include "bench/repeatability.h"
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

/// At the machine's pace, which the profile knows already.
constexpr Seconds kOneMoreLook{1};

int CountUnstable(const std::vector<MeasuredRange>& ranges) {
  return static_cast<int>(std::count_if(
      ranges.begin(), ranges.end(), [](const MeasuredRange& range) { return range.is_unstable; }));
}

/// One model's benchmark, step by step.
class Benchmark {
 public:
  Benchmark(const BenchmarkOptions& options, const BenchmarkProgress& progress)
      : options_(options), engine_(options.engine), progress_(progress) {}

  ModelProfile Run(const std::string& model_name) {
    if (options_.pins_threads) PinThreads(engine_);
    progress_("loading", 0, 0);
    const Seconds start = SteadyClock().Now();
    Model model = OpenModel(model_name, options_.load);
    const Seconds opened = SteadyClock().Now();
    const TemporaryFolder scratch(options_.scratch_folder);
    model = MapWeights(model, scratch.path() / "weights");
    auto lean = std::make_optional<LeanLoading>(model);

    const Seconds mapped = SteadyClock().Now();
    Session whole(ExtractSegment(model, WholeOf(model.graph())), engine_);
    profile_.load_time = opened - start + (SteadyClock().Now() - mapped);

    ModelInput input = MakeInput(model, options_.image);
    profile_.preprocess_time = input.preprocess_time;
    whole.SetInputs(input.values);
    const Seconds first_run = SteadyClock().Now();
    whole.Run();
    profile_.first_run_time = SteadyClock().Now() - first_run;

    Describe(model);
    lean.reset();

    Measure(model, whole, input.values);
    if (options_.verifies) Verify(model, whole, input.values);
    return std::move(profile_);
  }

 private:
  void Describe(const Model& model) {
    const Graph& graph = model.graph();
    profile_.model = model.name();
    profile_.model_hash = model.Hash();
    profile_.date = UtcNow();
    profile_.engine = EngineVersion();
    profile_.provider = ToText(engine_.provider);
    profile_.threads = ThreadCount(engine_);
    profile_.is_pinned = options_.pins_threads;
    profile_.batch_size = static_cast<int>(model.batch_size());
    profile_.input_bytes = SizeOf(graph, graph.inputs);
    const std::vector<LayerRange> blocks = BlocksBetween(graph, ChooseCuts(graph));
    const std::vector<Bytes> live_bytes = LiveBytes(graph);
    for (const LayerRange& block : blocks) {
      profile_.blocks.push_back(DescribeBlock(graph, live_bytes, block));
    }
    ranges_ = RangesOf(blocks, options_.effort);
  }

  void Measure(const Model& model, Session& whole, const TensorMap& inputs) {
    RangeBenchmark ranges(model, whole, inputs, ranges_, engine_, progress_);
    if (options_.measures_codecs) MeasureCodecs(model.graph(), ranges.activations());
    if (options_.announce) {
      options_.announce(ranges_.size(), ranges.ExpectedTime(options_.measure));
    }
    const MachineState before = ReadMachineState();
    profile_.startup = ranges.MeasureStartup();
    profile_.ranges = ranges.Measure(options_.measure, progress_);
    profile_.stability = StabilityBetween(before, ReadMachineState());
    profile_.stability->unstable_ranges = CountUnstable(profile_.ranges);
  }

  void MeasureCodecs(const Graph& graph, const TensorMap& activations) {
    for (std::size_t i = 0; i + 1 < profile_.blocks.size(); ++i) {
      progress_("packing", static_cast<std::int64_t>(i),
                static_cast<std::int64_t>(profile_.blocks.size()));
      std::vector<const TensorValue*> tensors;
      for (const int activation : CrossingActivations(graph, profile_.blocks[i].last_layer)) {
        const auto& spec = graph.activations[static_cast<std::size_t>(activation)].spec;
        tensors.push_back(&activations.at(spec.name));
      }
      profile_.blocks[i].codecs = scission::MeasureCodecs(tensors);
    }
  }

  void Verify(const Model& model, Session& whole, const TensorMap& inputs) {
    RangeBenchmark again(model, whole, inputs, SampleOf(ranges_, kVerifiedRanges), engine_,
                         progress_);
    profile_.repeatability =
        CompareTimes(profile_.ranges, again.Measure(options_.measure, progress_));
  }

  std::vector<Cut> ChooseCuts(const Graph& graph) {
    std::vector<Cut> cuts = FindCuts(graph, options_.max_cut_tensors);
    if (options_.keeps_all_cuts) return cuts;
    UsefulCuts useful = FindUsefulCuts(graph, cuts);
    profile_.cuts_left_out = static_cast<int>(cuts.size() - useful.cuts.size());
    return std::move(useful.cuts);
  }

  const BenchmarkOptions& options_;
  EngineOptions engine_;
  const BenchmarkProgress& progress_;
  ModelProfile profile_;
  std::vector<LayerRange> ranges_;
};

}  // namespace

ModelProfile BenchmarkModel(const std::string& model_name, const BenchmarkOptions& options,
                            const BenchmarkProgress& progress) {
  return Benchmark(options, progress).Run(model_name);
}

Stability MeasureMoreRanges(const std::string& model_name, const std::vector<LayerRange>& ranges,
                            BenchmarkOptions options, const BenchmarkProgress& progress,
                            ModelProfile& profile) {
  progress("loading", 0, 0);
  options.engine.provider = ParseProvider(profile.provider, "provider in the profile");
  options.engine.threads = profile.threads;
  if (!options.load.batch_size && profile.batch_size > 1) {
    options.load.batch_size = profile.batch_size;
  }
  if (options.pins_threads || profile.is_pinned) PinThreads(options.engine);
  Model model = OpenModel(model_name, options.load);
  if (model.Hash() != profile.model_hash) {
    throw InputError(model_name, "is not the model of the profile; benchmark it anew");
  }
  const TensorMap inputs = MakeInput(model, options.image).values;
  const MachineState before = ReadMachineState();
  options.measure.longest_watch = std::min(options.measure.longest_watch, kOneMoreLook);
  std::vector<LayerRange> with_whole = ranges;
  const LayerRange whole = WholeOf(model.graph());
  with_whole.push_back(whole);
  std::vector<MeasuredRange> measured = MeasureRanges(std::move(model), inputs, with_whole,
                                                      options.engine, options.measure, progress);
  Stability stability = StabilityBetween(before, ReadMachineState());
  const MeasuredRange measured_whole = std::move(measured.back());
  measured.pop_back();
  stability.unstable_ranges = CountUnstable(measured);
  AddSession(std::move(measured), measured_whole, profile);
  if (profile.stability) profile.stability->unstable_ranges = CountUnstable(profile.ranges);
  return stability;
}

}  // namespace scission
