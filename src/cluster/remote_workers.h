// Workers behind connections.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/units.h"
#include "cluster/control_client.h"
#include "cluster/workers.h"

namespace scission {

/// Used by one thread at a time.
class RemoteWorkers : public Workers {
 public:
  RemoteWorkers(const ChannelOptions& options, Seconds timeout)
      : options_(options), timeout_(timeout) {}

  std::string Push(const std::string& host, const std::string& address,
                   const std::filesystem::path& file) override;
  void Load(const std::string& host, const std::string& address,
            const v1::LoadRequest& request) override;
  void Unload(const std::string& host, const std::string& address,
              const std::string& stage) override;
  WorkerState State(const std::string& host, const std::string& address) override;

 private:
  ControlClient& Client(const std::string& host, const std::string& address);

  ChannelOptions options_;
  Seconds timeout_;                               ///< of loading a stage
  std::map<std::string, ControlClient> clients_;  ///< by host
};

}  // namespace scission
