// The control plane of a worker: proto/scission.proto.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/units.h"
#include "wire/channel.h"
#include "worker/log.h"
#include "worker/stage_registry.h"

namespace scission {

struct ControlServiceOptions {
  std::string name;                                  ///< of the host
  std::string version;                               ///< of the program
  std::string engine;                                ///< "onnxruntime 1.30.0"
  int threads = 0;                                   ///< of an inference
  Bytes memory_limit;                                ///< of a stage's process; 0: none
  std::filesystem::path cache;                       ///< several workers may share it
  Bytes cache_limit;                                 ///< of its blobs; 0: none
  ChannelOptions channel;                            ///< to other workers
  std::filesystem::path program = "/proc/self/exe";  ///< what `benchmark` is a command of
};

/// Makes the folders of the cache; throws InputError naming it. Each call is refused with
/// FAILED_PRECONDITION where it is of another version of the protocol; while it drains, those that
/// begin something are refused with UNAVAILABLE. See worker/status.h for the other codes.
class ControlService {
 public:
  /// `stages` and `log` must outlive it.
  ControlService(ControlServiceOptions options, StageRegistry& stages, const Log& log);
  ~ControlService();

  /// To be registered; it lives as long as this.
  grpc::Service& service();

  /// Refuses what begins something, and interrupts benchmarks and measurements of links: their
  /// callers are told that this worker ends. Uploads and loads that run go on. Any thread.
  void StartDraining();

 private:
  class Service;
  std::unique_ptr<Service> service_;
};

/// The same for two workers on one machine, other for two machines. Empty: the system does not
/// tell.
std::string MachineId();
/// The same for two programs on one machine that share its network interfaces, as all do but those
/// in network namespaces or containers of their own. Empty: the system does not tell.
std::string NetworkId();

}  // namespace scission
