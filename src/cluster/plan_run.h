// Runs a plan on workers: deploys it, sends requests, checks every answer, and where a host fails
// goes on with a plan that does without it.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cluster/deployment.h"
#include "cluster/inference_client.h"
#include "cluster/load.h"
#include "cluster/run_report.h"
#include "network/hosts.h"

namespace scission {

struct RunOptions {
  Load load;
  /// Instead of load.requests: as many as take about so long, by those before them, at least
  /// kLeastRequests. A machine's pace changes within seconds, and a moment of it is no measurement.
  std::optional<Seconds> duration;
  int warm_ups = 3;  ///< requests before those that count
  /// That are computed twice. With one client so many, or one for ten others where that is more,
  /// are sent in between, no more than the others, so that they find the machine as these do; else
  /// half of them before the others and half behind.
  int lone_requests = 10;
  /// None: what the plan says. One: of every hop. Several: each hop gets the fastest of them, as
  /// tried before the run.
  std::vector<Codec> codecs;
  bool keeps_pipeline = false;
  Seconds patience{10};  ///< with a host that no plan can do without and that may be starting anew
  DeployOptions deploy;
};

inline constexpr std::size_t kLeastRequests = 20;

/// Sends one request and waits for its answer; throws RequestError.
using SendRequest = std::function<InferenceAnswer(Computes computes)>;
/// A connection of its own to the first stage; what it returns is used by one thread at a time.
using Connect = std::function<SendRequest(const PipelineStage& entry)>;

/// Where plans come from. The first one of `plans` is run; the others are for when it fails.
struct RunnablePlans {
  std::string model;  ///< the pipeline's name
  std::vector<Plan> plans;
  /// A new plan without these hosts, where none of `plans` will do; nothing where there is none.
  std::function<std::optional<Plan>(const std::set<std::string>& without)> plan_anew;
};

/// The outside world.
struct RunWorld {
  const Hosts& hosts;
  SegmentFolder& segments;
  Workers& workers;
  Connect connect;
  Say say;
  std::function<bool()> is_interrupted;
  std::string network_id;  ///< of this program, as WorkerState has it; empty: not known
};

/// Runs and measures. `expected`: what the unsplit model gives for the request that is sent.
///
/// A host that fails is asked how it is: one that answers, but lost its stages (it was restarted),
/// gets them once more; one that does not is given up, and the next of the plans that does without
/// it takes over for the requests that are left. Where there is none, it has `patience`. Answers
/// that were there stay counted. Throws NoPlanError where no plan is left, with all reasons;
/// InputError where a host says that the request is wrong; RequestError where an answer does not
/// come although all hosts are well. Interrupted: ends early, with what was measured (requests == 0
/// where nothing was).
RunReport RunPlans(const RunnablePlans& plans, const TensorMap& expected, const RunOptions& options,
                   const RunWorld& world);

/// The first of `plans` that uses none of `without` and whose hosts all have addresses.
const Plan* FirstWithout(const std::vector<Plan>& plans, const std::set<std::string>& without,
                         const Hosts& hosts);

}  // namespace scission
