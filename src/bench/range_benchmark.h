// Measures ranges of layers of one model.
#pragma once

#include <map>
#include <utility>

#include "bench/measure.h"
#include "engine/session.h"
#include "model/model.h"
#include "profile/profile.h"

namespace scission {

/// Told what goes on, from outside the timed regions. `done` of `total` in any unit.
using BenchmarkProgress =
    std::function<void(const std::string& phase, std::int64_t done, std::int64_t total)>;

/// Measures `ranges` of `model`, each run as one model on the activations that the layers before it
/// give for `inputs`. Every range holds at least one node and begins and ends at a cut or at the
/// model's ends; a range given twice is measured once. The result is in the order of `ranges`.
///
/// The weights are moved to a scratch file; a caller that keeps no other copy of `model` saves
/// their memory. Ranges are measured in groups, the sessions of one being alive at a time: their
/// weights together are those of the model at most, or kFreeWeights. The whole model's session is
/// there all the while: it is visited in every round as its anchor (MeasuredRange::paces), and
/// behind the last group its own samples are taken, at the usual pace (WatchPace). No session is
/// made twice. Throws InputError where the engine refuses the model, and
/// std::runtime_error where the pieces between the ends of `ranges`, one after the other, do not
/// give the whole model's output.
std::vector<MeasuredRange> MeasureRanges(Model model, const TensorMap& inputs,
                                         const std::vector<LayerRange>& ranges,
                                         const EngineOptions& engine, const MeasureOptions& options,
                                         const BenchmarkProgress& progress);

/// Sessions of a group may always have weights of this size, however small the model is.
inline constexpr Bytes kFreeWeights = Megabytes(32);

/// The same in steps, for those that have a session of the whole model already.
class RangeBenchmark {
 public:
  /// `whole` has its inputs set, to `inputs`; it and `model` must outlive this. Runs the model once
  /// in pieces, from each end of `ranges` to the next, compares their output with the whole's and
  /// keeps the sessions of those that are among `ranges`.
  RangeBenchmark(const Model& model, Session& whole, TensorMap inputs,
                 const std::vector<LayerRange>& ranges, const EngineOptions& engine,
                 const BenchmarkProgress& progress);

  /// bench/startup.h, of a few of the pieces whose sessions are there, evenly spaced. To be called
  /// before Measure.
  Startup MeasureStartup();

  /// As MeasureRanges does. To be called once.
  std::vector<MeasuredRange> Measure(const MeasureOptions& options,
                                     const BenchmarkProgress& progress);

  /// All that the chain of pieces gave, and the inputs.
  const TensorMap& activations() const { return activations_; }

  /// About how long Measure will take, from one run of each piece.
  Seconds ExpectedTime(const MeasureOptions& options) const;

 private:
  using Key = std::pair<int, int>;

  struct Piece {
    LayerRange range;
    Seconds making{0};  ///< its session
    Seconds run{0};
  };

  /// Where the samples of a range are.
  struct Place {
    std::size_t group = 0;
    std::size_t subject = 0;
  };

  bool IsWhole(LayerRange range) const { return range == WholeOf(model_.graph()); }
  void RunChain(const std::vector<LayerRange>& chain, const BenchmarkProgress& progress);
  std::vector<std::vector<LayerRange>> Groups() const;
  Seconds MakingTime(LayerRange range) const;
  Seconds RunTime(LayerRange range) const;
  Seconds ExpectedTime(const std::vector<LayerRange>& group, const MeasureOptions& options) const;
  void OpenGroup(const std::vector<LayerRange>& group);
  void MeasureGroup(const std::vector<LayerRange>& group, const MeasureOptions& options,
                    const std::function<void(int)>& on_round);
  std::vector<Seconds> Anchors() const;
  std::vector<MeasuredRange> Results(const std::vector<Seconds>& whole) const;

  const Model& model_;
  Session& whole_;
  EngineOptions engine_;
  TensorMap activations_;  ///< each once: where one range writes, the next reads
  std::vector<LayerRange> ranges_;
  std::map<Key, Session> sessions_;           ///< of the group that is measured
  std::vector<InterleavedSamples> measured_;  ///< by group; the anchor is the whole
  std::map<Key, Place> places_;               ///< of all ranges but the whole
  std::vector<Piece> pieces_;
};

}  // namespace scission
