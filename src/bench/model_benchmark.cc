#include "bench/model_benchmark.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "base/file.h"
#include "bench/host_info.h"
#include "bench/lean_loading.h"
#include "engine/compare.h"
#include "model/lifetimes.h"
#include "model/mapped_weights.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

const TensorSpec& SpecAt(const Graph& graph, int activation) {
  return graph.activations[static_cast<std::size_t>(activation)].spec;
}

/// The difference between two sets of outputs of a model.
std::optional<std::string> OutputDifference(const Graph& graph, const std::vector<int>& outputs,
                                            const TensorMap& expected, const TensorMap& actual) {
  for (const int output : outputs) {
    const std::string& name = SpecAt(graph, output).name;
    const auto difference = Difference(expected.at(name), actual.at(name));
    if (difference) return fmt::format("output '{}': {}", name, *difference);
  }
  return std::nullopt;
}

std::string Describe(const Graph& graph, LayerRange range) {
  return fmt::format("layers {}-{} ({} to {})", range.first, range.last,
                     graph.layers[static_cast<std::size_t>(range.first)].name,
                     graph.layers[static_cast<std::size_t>(range.last)].name);
}

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
    auto scratch = std::make_optional<TemporaryFolder>(options_.scratch_folder);
    model = MapWeights(model, scratch->path() / "weights");
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
    activations_ = std::move(input.values);
    std::vector<Session> blocks = OpenBlocks(model);
    RequireSameOutputs(model, whole, blocks);
    lean.reset();
    scratch.reset();  // the engine has read all that it wants
    MeasureAll(whole, blocks);
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
    ranges_ = BlocksBetween(graph, FindCuts(graph, options_.max_cut_tensors));
    const std::vector<Bytes> live_bytes = LiveBytes(graph);
    for (const LayerRange& range : ranges_) {
      profile_.blocks.push_back(DescribeBlock(graph, live_bytes, range));
    }
  }

  /// A session for every block, run once, so that each has what the blocks before it give.
  std::vector<Session> OpenBlocks(const Model& model) {
    std::vector<Session> sessions;
    for (const LayerRange& range : ranges_) {
      progress_("splitting", static_cast<std::int64_t>(sessions.size()),
                static_cast<std::int64_t>(ranges_.size()));
      sessions.emplace_back(ExtractSegment(model, range), options_.engine, activations_);
      sessions.back().Run();
    }
    return sessions;
  }

  /// The proof that the chain of blocks gives what the whole model gives.
  void RequireSameOutputs(const Model& model, const Session& whole,
                          const std::vector<Session>& blocks) {
    TensorMap expected;
    whole.GetOutputs(expected);
    for (const Session& block : blocks) block.GetOutputs(activations_);
    const auto difference =
        OutputDifference(model.graph(), model.graph().outputs, expected, activations_);
    if (!difference) return;
    const auto block = FirstWrongBlock(model, ranges_, activations_, options_.engine);
    throw std::runtime_error(
        fmt::format("{}: the blocks do not give the whole model's output, from {} on: {}",
                    model.name(), block.value_or("the last block"), *difference));
  }

  void MeasureAll(Session& whole, std::vector<Session>& blocks) {
    std::vector<std::function<void()>> subjects;
    std::vector<LayerRange> measured;
    if (blocks.size() > 1) {
      subjects.emplace_back([&whole] { whole.Run(); });
      measured.push_back({ranges_.front().first, ranges_.back().last});
    }
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      subjects.emplace_back([&blocks, i] { blocks[i].Run(); });
      measured.push_back(ranges_[i]);
    }
    std::int64_t done = 0;
    const auto total = static_cast<std::int64_t>(subjects.size()) * (1 + options_.repeats);
    progress_("measuring", done, total);
    auto samples = MeasureInterleaved(subjects, {.rounds = options_.repeats}, SteadyClock(),
                                      [&] { progress_("measuring", ++done, total); });
    for (std::size_t i = 0; i < measured.size(); ++i) {
      profile_.ranges.push_back({measured[i].first, measured[i].last, std::move(samples[i])});
    }
  }

  const BenchmarkOptions& options_;
  const BenchmarkProgress& progress_;
  ModelProfile profile_;
  std::vector<LayerRange> ranges_;
  TensorMap activations_;  ///< of the chain of blocks, each once: where one writes, the next reads
};

}  // namespace

std::optional<std::string> FirstWrongBlock(const Model& model,
                                           const std::vector<LayerRange>& blocks,
                                           const TensorMap& values, const EngineOptions& options) {
  const Graph& graph = model.graph();
  for (const LayerRange& block : blocks) {
    const LayerRange prefix{0, block.last};
    const SegmentModel segment = ExtractSegment(model, prefix);
    Session session(segment, options);
    session.SetInputs(values);
    session.Run();
    TensorMap expected;
    session.GetOutputs(expected);
    for (const TensorSpec& output : segment.outputs) {
      if (Difference(expected.at(output.name), values.at(output.name))) {
        return Describe(graph, block);
      }
    }
  }
  return std::nullopt;
}

ModelProfile BenchmarkModel(const std::string& model_name, const BenchmarkOptions& options,
                            const BenchmarkProgress& progress) {
  return Benchmark(options, progress).Run(model_name);
}

}  // namespace scission
