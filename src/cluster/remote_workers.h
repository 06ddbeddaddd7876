// Workers behind connections.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/error.h"
#include "base/units.h"
#include "cluster/control_client.h"
#include "cluster/workers.h"

namespace scission {

/// Runs `work`, which asks `host` for something; what that is at fault for becomes HostError.
template <typename Work>
auto BlamingHost(const std::string& host, const Work& work) {
  try {
    return work();
  } catch (const RemoteError& error) {
    throw HostError(host, error.what());
  } catch (const InputError& error) {
    throw HostError(host, error.what());
  }
}

/// How the worker behind `client` is. Takes a few seconds at most; throws nothing.
WorkerState StateOf(ControlClient& client);

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
