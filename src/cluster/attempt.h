// One plan on its hosts, until it is done or fails.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/plan_run.h"

namespace scission {

/// Used by one thread. What it is given must outlive it.
class Attempt {
 public:
  Attempt(const RunnablePlans& plans, const Plan& plan, const TensorMap& expected,
          const RunOptions& options, const RunWorld& world);

  /// Deploys, chooses codecs, warms up, and sends `count` requests (nothing: as many as
  /// RunOptions::duration takes), and others that tell what stages take alone
  /// (RunOptions::lone_requests). A request that fails at a host that is there
  /// (FailureKind::kOther: its process crashed, say) is sent once more before that is a failure.
  /// What ends the load early is in failure(); throws HostError and RequestError for what ends it
  /// before.
  void Run(std::optional<std::size_t> count);

  /// Of the requests that were answered.
  const std::vector<RequestRecord>& records() const { return records_; }
  /// How many were refused by full queues.
  std::size_t rejected() const { return rejected_; }
  /// What ended the load early.
  const std::optional<RequestError>& failure() const { return failure_; }

  /// What was measured of those. Asks the hosts which machines they are.
  RunReport Report();

 private:
  const PipelineStage& Entry() const { return deployment_.pipeline().stages.front(); }
  void AskWorkers() const;
  void OpenConnections(std::size_t count);
  InferenceAnswer Answer(std::size_t client, Computes computes);
  RequestRecord Send(std::size_t client, Computes computes = Computes::kOnce);
  /// Median time of each hop with the codecs that are loaded.
  std::vector<Seconds> TryCodecs();
  void ChooseCodecs();
  void NoteChoice(std::size_t hop, const std::vector<std::vector<Seconds>>& times, Codec chosen);
  Seconds WarmUp();
  std::size_t CountFor(Seconds wall) const;
  bool HasOneClient() const { return !options_.load.rate && options_.load.concurrency == 1; }
  void SendLone(int count);
  void Measure(std::size_t count);
  void MeasureInTurns(std::size_t count);
  void MeasurePart(std::size_t first, std::size_t last);
  bool IsOver() const;
  bool IsCallerAtSource() const;
  void AddMachines(RunReport& report) const;

  const Plan& plan_;
  const TensorMap& expected_;
  const RunOptions& options_;
  const RunWorld& world_;
  Deployment deployment_;
  std::vector<SendRequest> connections_;
  std::vector<std::string> notes_;
  std::optional<RequestError> failure_;
  std::size_t rejected_ = 0;
  Seconds duration_{0};  ///< in which the requests were sent that count
  std::vector<RequestRecord> records_;
  std::vector<RequestRecord> alone_;    ///< of those that were computed twice
  std::mutex mutex_;                    ///< of what follows
  std::map<std::string, int> repeats_;  ///< requests that were sent once more, by the reason
};

}  // namespace scission
