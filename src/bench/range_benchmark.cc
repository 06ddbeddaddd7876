#include "bench/range_benchmark.h"

#include <algorithm>
#include <optional>
#include <thread>

#include "base/file.h"
#include "base/statistics.h"
#include "bench/chain_check.h"
#include "bench/drift.h"
#include "bench/lean_loading.h"
#include "bench/pace.h"
#include "bench/range_groups.h"
#include "bench/startup.h"
#include "bench/watch.h"
#include "model/mapped_weights.h"

namespace scission {
namespace {

/// About how many pieces run behind pauses: all would take as long as --quick.
constexpr std::size_t kStartupPieces = 8;

Seconds TimeOf(const std::function<void()>& work) {
  const Seconds start = SteadyClock().Now();
  work();
  return SteadyClock().Now() - start;
}

/// For progress: whole microseconds.
std::int64_t Ticks(Seconds time) { return static_cast<std::int64_t>(time.count() * 1e6); }

}  // namespace

RangeBenchmark::RangeBenchmark(const Model& model, Session& whole, TensorMap inputs,
                               const std::vector<LayerRange>& ranges, const EngineOptions& engine,
                               const BenchmarkProgress& progress)
    : model_(model),
      whole_(whole),
      engine_(engine),
      activations_(std::move(inputs)),
      ranges_(ranges) {
  engine_.makes_sessions_lean = true;  // they are made beside others
  const std::vector<LayerRange> chain = ChainThrough(model.graph(), ranges);
  whole_.Run();
  if (chain.size() > 1) {
    RunChain(chain, progress);
  } else {
    pieces_.push_back({WholeOf(model.graph()), Seconds(0), TimeOf([&] { whole_.Run(); })});
  }
}

void RangeBenchmark::RunChain(const std::vector<LayerRange>& chain,
                              const BenchmarkProgress& progress) {
  const LeanLoading lean(model_);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    progress("splitting", static_cast<std::int64_t>(i), static_cast<std::int64_t>(chain.size()));
    Piece& piece = pieces_.emplace_back();
    piece.range = chain[i];
    const Seconds start = SteadyClock().Now();
    Session session(ExtractSegment(model_, chain[i]), engine_, activations_);
    piece.making = SteadyClock().Now() - start;
    session.Run();
    session.GetOutputs(activations_);
    piece.run = TimeOf([&] { session.Run(); });
    if (std::find(ranges_.begin(), ranges_.end(), chain[i]) == ranges_.end()) continue;
    sessions_.emplace(Key{chain[i].first, chain[i].last}, std::move(session));
  }
  RequireSameOutputs(model_, whole_, chain, activations_, engine_);
}

Startup RangeBenchmark::MeasureStartup() {
  std::vector<std::function<void()>> pieces;
  const std::size_t step = sessions_.size() / kStartupPieces + 1;
  std::size_t number = 0;
  for (auto& [range, session] : sessions_) {
    if (number++ % step == 0) pieces.emplace_back([piece = &session] { piece->Run(); });
  }
  return scission::MeasureStartup(
      pieces, [this] { whole_.Run(); }, PauseAsInPlans, SteadyClock());
}

void RangeBenchmark::MeasureGroup(const std::vector<LayerRange>& group,
                                  const MeasureOptions& options,
                                  const std::function<void(int)>& on_round) {
  std::vector<std::function<void()>> subjects;
  for (const LayerRange& range : group) {
    places_[{range.first, range.last}] = {measured_.size(), subjects.size()};
    Session& session = sessions_.at({range.first, range.last});
    subjects.emplace_back([&session] { session.Run(); });
  }
  const auto anchor = [this] { whole_.Run(); };
  InterleavedSamples samples =
      MeasureInterleaved(subjects, anchor, options, SteadyClock(), on_round);
  const auto has_drifted = [usual = Anchors()](const InterleavedSamples& taken) {
    return !usual.empty() && HasDrifted(taken.anchor, MedianTime(usual));
  };
  if (has_drifted(samples)) {
    InterleavedSamples again =
        MeasureInterleaved(subjects, anchor, options, SteadyClock(), on_round);
    if (!has_drifted(again)) samples = std::move(again);
  }
  measured_.push_back(std::move(samples));
}

/// What the whole took beside all groups so far.
std::vector<Seconds> RangeBenchmark::Anchors() const {
  std::vector<Seconds> all;
  for (const InterleavedSamples& group : measured_) {
    all.insert(all.end(), group.anchor.begin(), group.anchor.end());
  }
  return all;
}

std::vector<std::vector<LayerRange>> RangeBenchmark::Groups() const {
  std::vector<LayerRange> open;
  std::vector<LayerRange> others;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    const auto range = ranges_.begin() + static_cast<std::ptrdiff_t>(i);
    if (IsWhole(*range) || std::find(ranges_.begin(), range, *range) != range) continue;
    const bool is_open = sessions_.contains({range->first, range->last});
    (is_open ? open : others).push_back(*range);
  }
  const Graph& graph = model_.graph();
  auto groups = GroupByWeights(graph, others, std::max(graph.weight_bytes, kFreeWeights));
  if (!open.empty()) groups.insert(groups.begin(), open);
  return groups;
}

Seconds RangeBenchmark::MakingTime(LayerRange range) const {
  if (sessions_.contains({range.first, range.last})) return Seconds(0);
  Seconds sum{0};
  for (const Piece& piece : pieces_) {
    if (range.first <= piece.range.first && piece.range.last <= range.last) sum += piece.making;
  }
  return sum;
}

Seconds RangeBenchmark::RunTime(LayerRange range) const {
  Seconds sum{0};
  for (const Piece& piece : pieces_) {
    if (range.first <= piece.range.first && piece.range.last <= range.last) sum += piece.run;
  }
  return sum;
}

Seconds RangeBenchmark::ExpectedTime(const std::vector<LayerRange>& group,
                                     const MeasureOptions& options) const {
  const int rounds = (options.min_rounds + options.max_rounds) / 2;
  Seconds sum{0};
  for (const LayerRange& range : group) {
    sum += MakingTime(range) + RunTime(range) * (options.warmups + 2 * rounds);
  }
  return sum + RunTime(WholeOf(model_.graph())) * (2 * rounds);
}

Seconds RangeBenchmark::ExpectedTime(const MeasureOptions& options) const {
  Seconds sum{0};
  for (const auto& group : Groups()) sum += ExpectedTime(group, options);
  return sum + ExpectedWatch(RunTime(WholeOf(model_.graph())), options);
}

std::vector<MeasuredRange> RangeBenchmark::Measure(const MeasureOptions& options,
                                                   const BenchmarkProgress& progress) {
  const Seconds total = ExpectedTime(options);
  Seconds done{0};
  Seconds shown{0};
  const auto groups = Groups();
  for (const auto& group : groups) {
    const Seconds expected = ExpectedTime(group, options);
    const auto report = [&](int round) {
      const double part = std::min(1.0, static_cast<double>(round) / options.max_rounds);
      shown = std::max(shown, done + expected * part);  // a group may be measured once more
      progress("measuring", Ticks(shown), Ticks(total));
    };
    report(0);
    OpenGroup(group);
    MeasureGroup(group, options, report);
    sessions_.clear();
    done += expected;
  }
  const Seconds watch = ExpectedWatch(RunTime(WholeOf(model_.graph())), options);
  return Results(
      WatchPace([this] { whole_.Run(); }, [](Seconds pause) { std::this_thread::sleep_for(pause); },
                options, SteadyClock(),
                [&](Seconds elapsed) {
                  progress("measuring", Ticks(done + std::min(elapsed, watch)), Ticks(total));
                }));
}

/// `whole`: what the whole model takes at the usual pace. A group has drifted where its pace was
/// another one than that of the others; the usual one, behind pauses, may well be a third.
std::vector<MeasuredRange> RangeBenchmark::Results(const std::vector<Seconds>& whole) const {
  const Seconds usual = MedianTime(whole);
  const std::vector<Seconds> anchors = Anchors();
  std::vector<std::vector<double>> paces;
  for (const InterleavedSamples& group : measured_) paces.push_back(PaceOfRounds(group, usual));
  std::vector<MeasuredRange> results;
  for (const LayerRange& range : ranges_) {
    MeasuredRange& result = results.emplace_back();
    result.first_layer = range.first;
    result.last_layer = range.last;
    if (IsWhole(range)) {
      result.samples = whole;
      continue;
    }
    const auto [group, subject] = places_.at({range.first, range.last});
    result.samples = measured_[group].subjects[subject];
    result.paces = paces[group];
    result.paces.resize(result.samples.size());
    result.precision = PrecisionAtUsualPace(result.samples, measured_[group].anchor);
    result.is_unstable = HasDrifted(measured_[group].anchor, MedianTime(anchors));
  }
  return results;
}

void RangeBenchmark::OpenGroup(const std::vector<LayerRange>& group) {
  const LeanLoading lean(model_);
  for (const LayerRange& range : group) {
    const Key key{range.first, range.last};
    if (sessions_.contains(key)) continue;
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
