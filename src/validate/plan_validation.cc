#include "validate/plan_validation.h"

#include "base/statistics.h"
#include "bench/chain_check.h"
#include "bench/drift.h"
#include "bench/machine_state.h"
#include "bench/startup.h"
#include "model/cuts.h"
#include "validate/loopback.h"

namespace scission {
namespace {

LayerRange LayersOf(const Stage& stage) { return {stage.first_layer, stage.last_layer}; }

/// The plan with all its sessions.
class PlanRun {
 public:
  PlanRun(const Model& model, const TensorMap& inputs, const std::vector<StageToRun>& stages)
      : graph_(model.graph()), values_(inputs), stages_(stages) {
    std::vector<LayerRange> layers;
    for (const StageToRun& stage : stages) {
      layers.push_back(LayersOf(stage.stage));
      sessions_.emplace_back(ExtractSegment(model, layers.back()), stage.engine);
      sessions_.back().SetInputs(values_);
      sessions_.back().Run();
      sessions_.back().GetOutputs(values_);
    }
    Session whole(ExtractSegment(model, WholeOf(graph_)), stages.front().engine);
    whole.SetInputs(inputs);
    whole.Run();
    RequireSameOutputs(model, whole, layers, values_, stages.front().engine);
  }

  Seconds RunStage(std::size_t stage) {
    PauseAsInPlans();
    sessions_[stage].Run();
    const Seconds start = SteadyClock().Now();
    sessions_[stage].Run();
    return SteadyClock().Now() - start;
  }

  /// What stage `stage` needs from those before it, or from the source; behind the last one, the
  /// model's outputs.
  std::vector<int> Crossing(std::size_t stage) const {
    return stage == 0 ? graph_.inputs
                      : CrossingActivations(graph_, stages_[stage - 1].stage.last_layer);
  }

  Seconds Transfer(std::size_t stage) {
    const std::vector<int> crossing = Crossing(stage);
    std::vector<std::string> received;
    for (const int activation : crossing) received.emplace_back(DataOf(activation).size(), '\0');
    const Seconds start = SteadyClock().Now();
    for (std::size_t i = 0; i < crossing.size(); ++i) {
      loopback_.Transfer(DataOf(crossing[i]), received[i]);
    }
    return SteadyClock().Now() - start;
  }

 private:
  const std::string& DataOf(int activation) const {
    return values_.at(graph_.activations[static_cast<std::size_t>(activation)].spec.name).data;
  }

  const Graph& graph_;
  TensorMap values_;  ///< all that crosses between stages
  const std::vector<StageToRun>& stages_;
  std::vector<Session> sessions_;
  Loopback loopback_;
};

/// The stage that the first hop leads to.
std::size_t FirstHop(const Stage& first_stage, const Hop& first_hop) {
  return first_hop.to == first_stage.host ? 0 : 1;
}

}  // namespace

const HopComparison* PlanValidation::HopBefore(std::size_t stage) const {
  if (hops.empty()) return nullptr;
  const std::size_t first = FirstHop(stages.front().stage, hops.front().hop);
  return stage >= first && stage - first < hops.size() ? &hops[stage - first] : nullptr;
}

Seconds PlanValidation::PlannedCompute() const {
  Seconds sum{0};
  for (const StageComparison& stage : stages) sum += stage.stage.compute;
  return sum;
}

Seconds PlanValidation::MeasuredCompute() const {
  Seconds sum{0};
  for (const StageComparison& stage : stages) sum += stage.measured;
  return sum;
}

Seconds PlanValidation::PlannedTransfer() const {
  Seconds sum{0};
  for (const HopComparison& hop : hops) sum += hop.hop.time;
  return sum;
}

PlanValidation ValidatePlan(const Model& model, const TensorMap& inputs,
                            const std::vector<StageToRun>& stages, const std::vector<Hop>& hops,
                            int repeats, const BenchmarkProgress& progress) {
  PlanRun run(model, inputs, stages);
  const std::size_t first_hop = hops.empty() ? 0 : FirstHop(stages.front().stage, hops.front());
  std::vector<std::vector<Seconds>> computing(stages.size());
  std::vector<std::vector<Seconds>> sending(hops.size());
  const MachineState before = ReadMachineState();
  for (int round = 0; round < repeats; ++round) {
    progress("measuring", round, repeats);
    for (std::size_t i = 0; i <= stages.size(); ++i) {
      const bool has_hop = i >= first_hop && i - first_hop < hops.size();
      if (has_hop) sending[i - first_hop].push_back(run.Transfer(i));
      if (i < stages.size()) computing[i].push_back(run.RunStage(i));
    }
  }
  PlanValidation validation;
  validation.stability = StabilityBetween(before, ReadMachineState());
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const bool is_unstable = ChangesPace(computing[i]);
    validation.stages.push_back({stages[i].stage, MedianTime(computing[i]), is_unstable});
    validation.stability.unstable_ranges += is_unstable ? 1 : 0;
  }
  for (std::size_t i = 0; i < hops.size(); ++i) {
    validation.hops.push_back(
        {hops[i], SizeOf(model.graph(), run.Crossing(i + first_hop)), MedianTime(sending[i])});
  }
  return validation;
}

}  // namespace scission
