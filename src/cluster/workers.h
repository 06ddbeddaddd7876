// The workers of a cluster as deployment needs them: an interface, so that tests replace them.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

namespace scission {

namespace v1 {
class LoadRequest;
}

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
  std::string network_id;  ///< the same of two that share a machine's network; empty: not known
};

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

}  // namespace scission
