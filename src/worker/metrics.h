// What a worker counts, for Prometheus.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/units.h"

namespace scission {

/// How a request ended; the label "outcome".
enum class Outcome {
  kOk,
  kRefused,    ///< the caller's fault
  kFull,       ///< the queue was
  kTimeout,    ///< its deadline passed
  kCancelled,  ///< by the caller
  kFailed,     ///< here, or at a stage behind
};

/// Counters of one stage. Any thread may use them.
class StageMetrics {
 public:
  virtual ~StageMetrics() = default;
  /// scission_requests_total and, where it went well, scission_request_seconds.
  virtual void CountRequest(Outcome outcome, Seconds latency) = 0;
  /// scission_received_bytes_total: what requests bring.
  virtual void CountReceived(Bytes bytes) = 0;
  /// scission_sent_bytes_total: what goes to the next stage, or is answered by the last.
  virtual void CountSent(Bytes bytes) = 0;
};

/// What is asked for when somebody looks.
struct StageState {
  std::string stage;
  int queued = 0;    ///< scission_queue_length: requests that wait
  int restarts = 0;  ///< scission_process_restarts_total, since it was loaded
};

class Metrics {
 public:
  /// `states` is asked before each answer, by another thread; it tells of the stages that are
  /// loaded. The queues of others are empty.
  explicit Metrics(std::function<std::vector<StageState>()> states = nullptr);
  ~Metrics();

  /// Answers http://ADDRESS/metrics from now on, HOST:PORT, to whoever can reach it and without
  /// TLS; port 0 is one that is free. Returns the port. Throws InputError naming --metrics.
  int Serve(const std::string& address);

  /// Those of `stage`; a stage that is loaded again goes on counting where it was. They live as
  /// long as this. At most 1000 stages are told apart, all others are called "other".
  StageMetrics& Of(const std::string& stage);

  /// As it is served.
  std::string Text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scission
