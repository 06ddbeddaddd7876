// Runs the stages of a plan one after the other on this machine.
#pragma once

#include <vector>

#include "bench/range_benchmark.h"
#include "plan/plan.h"
#include "profile/stability.h"

namespace scission {

/// A stage as planned, and the engine of its host.
struct StageToRun {
  Stage stage;
  EngineOptions engine;
};

struct StageComparison {
  Stage stage;  ///< as planned
  Seconds measured{0};
  bool is_unstable = false;  ///< the machine's pace changed while it was measured
};

/// A transfer as planned, over its link, and through the loopback interface here.
struct HopComparison {
  Hop hop;
  Bytes sent;  ///< what crosses the cut
  Seconds loopback{0};
};

struct PlanValidation {
  std::vector<StageComparison> stages;
  std::vector<HopComparison> hops;
  Stability stability;  ///< of the machine meanwhile; an unstable range is a stage here

  /// The hop before stage `stage`; for the number of stages, the one that carries the output back.
  /// Null where there is none.
  const HopComparison* HopBefore(std::size_t stage) const;

  Seconds PlannedCompute() const;
  Seconds MeasuredCompute() const;
  /// Of the links, as planned: this machine cannot measure them.
  Seconds PlannedTransfer() const;
};

/// Runs `stages` of `model` on `inputs` in turn, `repeats` times, and hands what crosses between
/// them through a TCP connection. Each run of a stage is timed behind one that is not, as on a
/// host that runs nothing else. Medians. `hops` lead to the stages in order; the first stage may
/// have none, and one more may carry the output back to the source. Throws std::runtime_error where
/// the stages do not give the whole model's output, and InputError where the engine refuses the
/// model.
PlanValidation ValidatePlan(const Model& model, const TensorMap& inputs,
                            const std::vector<StageToRun>& stages, const std::vector<Hop>& hops,
                            int repeats, const BenchmarkProgress& progress);

}  // namespace scission
