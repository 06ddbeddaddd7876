// The workers of a cluster as deployment needs them: an interface, so that tests replace them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/error.h"
#include "base/units.h"
#include "cluster/control_client.h"

namespace scission {

/// A host that does not do what it is asked for, and why; one line that names it.
class HostError : public std::runtime_error {
 public:
  HostError(std::string host, const std::string& text)
      : std::runtime_error(text), host_(std::move(host)) {}

  const std::string& host() const { return host_; }

 private:
  std::string host_;
};

struct WorkerState {
  std::string ailment;     ///< why it cannot be used; empty: it can
  std::string machine_id;  ///< the same of two workers on one machine; empty: not known
};

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

/// Members throw HostError.
class Workers {
 public:
  virtual ~Workers() = default;

  /// Sends `file` to the worker of `host` unless it has it. Returns its SHA-256.
  virtual std::string Push(const std::string& host, const std::string& address,
                           const std::filesystem::path& file) = 0;
  virtual void Load(const std::string& host, const std::string& address,
                    const v1::LoadRequest& request) = 0;
  virtual void Unload(const std::string& host, const std::string& address,
                      const std::string& stage) = 0;
  /// Quick; throws nothing.
  virtual WorkerState State(const std::string& host, const std::string& address) = 0;
};

/// Workers behind connections. Used by one thread at a time.
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
