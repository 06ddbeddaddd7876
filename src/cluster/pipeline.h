// A plan as stages that workers serve: who serves what under which name. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/graph.h"
#include "network/hosts.h"
#include "plan/plan.h"

namespace scission {

enum class StageKind {
  kSegment,  ///< layers of the model, run by a worker
  kRemote,   ///< layers that an inference server of another kind hosts; a worker calls it
  kRelay,    ///< hands its inputs on: a source that runs nothing
};

/// One stage, as a worker serves it.
struct PipelineStage {
  std::string name;     ///< as which it is served; the first one's is the pipeline's
  std::string host;     ///< of the plan
  std::string worker;   ///< the host whose worker serves it: `host` itself unless kRemote
  std::string address;  ///< of that worker
  StageKind kind = StageKind::kSegment;
  LayerRange layers;                   ///< of kSegment and kRemote
  int threads = 0;                     ///< of an inference; 0: the worker's own
  std::string remote_address;          ///< of kRemote
  std::string remote_model;            ///< what the segment is called there
  std::optional<std::size_t> planned;  ///< index into Plan::stages; none of a relay
};

/// Stage i sends to stage i + 1 over hop i of the plan. The first stage is on the plan's source.
struct Pipeline {
  std::vector<PipelineStage> stages;

  std::vector<std::string> StageNames() const;
  std::size_t hop_count() const { return stages.size() - 1; }
};

/// The stages that run `plan` for `model`. Throws InputError naming the hosts file where it has no
/// address of a host, or the source is an inference server of another kind.
Pipeline MakePipeline(const std::string& model, const Plan& plan, const Hosts& hosts);

/// The hop of `plan` that carries the output straight back to the source, if it has one.
const Hop* ReturnHop(const Plan& plan);

/// How long what is busy for longest is busy with one request, by the plan: a host or a link, in
/// all of its stages or hops. Totals::period of a plan that the planner made.
Seconds Bottleneck(const Plan& plan);

/// All hosts of `plan`, each once, the source first.
std::vector<std::string> HostsOf(const Plan& plan);

}  // namespace scission
