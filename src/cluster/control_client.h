// Drives a worker: proto/scission.proto as calls that throw.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/units.h"
#include "scission.pb.h"
#include "wire/channel.h"

namespace scission {

/// All members throw RemoteError, or InputError where the worker refuses what it was asked; both
/// name the host.
class ControlClient {
 public:
  /// Connects when it is used. `host` is its name, for messages.
  ControlClient(std::string host, std::string address, const ChannelOptions& options);

  const std::string& host() const { return host_; }
  const std::string& address() const { return address_; }

  /// Also checks that both speak the same version.
  v1::StatusReply Status(Seconds timeout);

  /// Sends `file` unless it is there, from where an earlier call broke off. Returns its SHA-256.
  std::string PushBlob(const std::filesystem::path& file,
                       const std::function<void(Bytes sent, Bytes total)>& progress = nullptr);
  v1::LoadReply Load(const v1::LoadRequest& request, Seconds timeout);
  void Unload(const std::string& stage, Seconds timeout);

  struct BenchmarkResult {
    std::string profile_json;
    bool is_unstable = false;
  };
  BenchmarkResult Benchmark(const v1::BenchmarkRequest& request,
                            const std::function<void(const std::string& line)>& progress);
  /// `sample` gets each transfer in the order of measuring.
  void ProbeLink(const v1::ProbeLinkRequest& request,
                 const std::function<void(const v1::ProbeLinkEvent&)>& sample);

 private:
  void Require(const grpc::Status& status) const;

  struct State;
  std::string host_;
  std::string address_;
  std::shared_ptr<State> state_;
};

}  // namespace scission
