#include "bench/range_benchmark.h"

#include <algorithm>
#include <optional>

#include "base/file.h"
#include "bench/chain_check.h"
#include "bench/lean_loading.h"
#include "bench/range_groups.h"
#include "model/mapped_weights.h"

namespace scission {
namespace {

Seconds MedianOf(const std::vector<Seconds>& samples) {
  return MeasuredRange{0, 0, samples}.Median();
}

/// Visits are paid for by floating point operations; a model without any counts layers.
double Work(const Graph& graph, LayerRange range) {
  double work = 1;
  for (int i = range.first; i <= range.last; ++i) {
    work += 1 + static_cast<double>(graph.layers[static_cast<std::size_t>(i)].flops) / 1e3;
  }
  return work;
}

double Work(const Graph& graph, const std::vector<LayerRange>& ranges) {
  double work = 0;
  for (const LayerRange& range : ranges) work += Work(graph, range);
  return work;
}

}  // namespace

RangeBenchmark::RangeBenchmark(const Model& model, Session& whole, TensorMap inputs,
                               const std::vector<LayerRange>& ranges, const EngineOptions& engine,
                               const BenchmarkProgress& progress)
    : model_(model),
      whole_(whole),
      engine_(engine),
      activations_(std::move(inputs)),
      ranges_(ranges) {
  const std::vector<LayerRange> chain = ChainThrough(model.graph(), ranges);
  if (chain.size() > 1) RunChain(chain, progress);
}

void RangeBenchmark::RunChain(const std::vector<LayerRange>& chain,
                              const BenchmarkProgress& progress) {
  const LeanLoading lean(model_);
  whole_.Run();
  for (std::size_t i = 0; i < chain.size(); ++i) {
    progress("splitting", static_cast<std::int64_t>(i), static_cast<std::int64_t>(chain.size()));
    Session session(ExtractSegment(model_, chain[i]), engine_, activations_);
    session.Run();
    session.GetOutputs(activations_);
    const Seconds start = SteadyClock().Now();
    session.Run();
    chain_time_ += SteadyClock().Now() - start;
    if (std::find(ranges_.begin(), ranges_.end(), chain[i]) == ranges_.end()) continue;
    sessions_.emplace(Key{chain[i].first, chain[i].last}, std::move(session));
  }
  RequireSameOutputs(model_, whole_, chain, activations_, engine_);
}

void RangeBenchmark::MeasureGroup(const std::vector<LayerRange>& group,
                                  const MeasureOptions& options,
                                  const std::function<void(int)>& on_round) {
  std::vector<std::function<void()>> subjects;
  bool has_whole = false;
  for (const LayerRange& range : group) {
    has_whole |= IsWhole(range);
    Session& session = IsWhole(range) ? whole_ : sessions_.at({range.first, range.last});
    subjects.emplace_back([&session] { session.Run(); });
  }
  const auto anchor = has_whole ? nullptr : std::function<void()>([this] { whole_.Run(); });
  InterleavedSamples samples =
      MeasureInterleaved(subjects, anchor, options, SteadyClock(), on_round);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (IsWhole(group[i])) samples.anchor = samples.subjects[i];
  }
  anchor_.insert(anchor_.end(), samples.anchor.begin(), samples.anchor.end());
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto [first, last] = group[i];
    measured_[{first, last}] = {first, last, std::move(samples.subjects[i]),
                                MedianOf(samples.anchor).count()};
  }
}

std::vector<std::vector<LayerRange>> RangeBenchmark::Groups() const {
  std::vector<LayerRange> open;
  std::vector<LayerRange> others;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    const auto begin = ranges_.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(ranges_.begin(), begin, *begin) != begin) continue;
    const bool is_open = IsWhole(*begin) || sessions_.contains({begin->first, begin->last});
    (is_open ? open : others).push_back(*begin);
  }
  const Graph& graph = model_.graph();
  auto groups = GroupByWeights(graph, others, std::max(graph.weight_bytes, kFreeWeights));
  if (!open.empty()) groups.insert(groups.begin(), open);
  return groups;
}

std::vector<MeasuredRange> RangeBenchmark::Measure(const MeasureOptions& options,
                                                   const BenchmarkProgress& progress) {
  const auto groups = Groups();
  double total = 0;
  for (const auto& group : groups) total += Work(model_.graph(), group);
  double done = 0;
  for (const auto& group : groups) {
    const double work = Work(model_.graph(), group);
    const auto report = [&](int round) {
      const double part = std::min(1.0, static_cast<double>(round) / options.max_rounds);
      progress("measuring", static_cast<std::int64_t>(done + work * part),
               static_cast<std::int64_t>(total));
    };
    OpenGroup(group);
    report(0);
    MeasureGroup(group, options, report);
    sessions_.clear();
    done += work;
  }
  return Results();
}

std::vector<MeasuredRange> RangeBenchmark::Results() {
  std::vector<MeasuredRange> results;
  const double usual = anchor_.empty() ? 1 : MedianOf(anchor_).count();
  for (const LayerRange& range : ranges_) {
    results.push_back(measured_.at({range.first, range.last}));
    results.back().drift /= usual;
    if (IsWhole(range)) results.back().samples = anchor_;
  }
  return results;
}

void RangeBenchmark::OpenGroup(const std::vector<LayerRange>& group) {
  const LeanLoading lean(model_);
  for (const LayerRange& range : group) {
    const Key key{range.first, range.last};
    if (IsWhole(range) || sessions_.contains(key)) continue;
    sessions_.emplace(key, Session(ExtractSegment(model_, range), engine_, activations_));
  }
}

std::vector<MeasuredRange> MeasureRanges(Model model, const TensorMap& inputs,
                                         const std::vector<LayerRange>& ranges,
                                         const EngineOptions& engine, const MeasureOptions& options,
                                         const BenchmarkProgress& progress) {
  const TemporaryFolder scratch;
  model = MapWeights(model, scratch.path() / "weights");
  auto lean = std::make_optional<LeanLoading>(model);
  Session whole(ExtractSegment(model, WholeOf(model.graph())), engine);
  lean.reset();
  whole.SetInputs(inputs);
  return RangeBenchmark(model, whole, inputs, ranges, engine, progress).Measure(options, progress);
}

}  // namespace scission
