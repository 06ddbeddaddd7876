// One host's server: data plane, control plane, health, reflection, metrics.
#pragma once

#include <memory>
#include <string>

#include "worker/stages.h"

namespace scission {

struct WorkerOptions {
  std::string name;
  std::string listen = "127.0.0.1:7001";  ///< port 0: one that the system chooses
  ChannelOptions channels;                ///< security and message size, of server and clients
  EngineOptions engine;
  Bytes memory_limit;  ///< of all segments together; 0: none
  int queue_limit = StagesOptions().queue_limit;
  Seconds longest_run = StagesOptions().longest_run;
  Seconds longest_request{300};  ///< where a caller gives no deadline, or a later one
  std::filesystem::path cache;   ///< of blobs
  Bytes cache_limit{10e9};
  std::string metrics;  ///< HOST:PORT of the Prometheus endpoint; empty: none
};

class Worker {
 public:
  /// Listens when it is made. Throws InputError where it cannot: a bad address, one that is in use,
  /// or not safe (wire/security.h); a cache that cannot be written.
  explicit Worker(const WorkerOptions& options);
  ~Worker();

  /// HOST:PORT as it listens.
  const std::string& address() const;
  /// Takes no more requests, lets those that are here end, and stops. Returns how many had not
  /// ended by `deadline`; then it has not stopped, and the process is to be left at once (_exit),
  /// which breaks them off.
  int Drain(Deadline deadline);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scission
