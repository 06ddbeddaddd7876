#include "cluster/remote_workers.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

constexpr Seconds kUnloadTimeout(10);  // requests that it has are answered first
constexpr Seconds kStatusTimeout(5);

/// Runs `work`; what a host is at fault for becomes HostError.
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

}  // namespace

ControlClient& RemoteWorkers::Client(const std::string& host, const std::string& address) {
  const auto found = clients_.find(host);
  if (found != clients_.end()) return found->second;
  return clients_.emplace(host, ControlClient(host, address, options_)).first->second;
}

std::string RemoteWorkers::Push(const std::string& host, const std::string& address,
                                const std::filesystem::path& file) {
  return BlamingHost(host, [&] { return Client(host, address).PushBlob(file); });
}

void RemoteWorkers::Load(const std::string& host, const std::string& address,
                         const v1::LoadRequest& request) {
  BlamingHost(host, [&] { Client(host, address).Load(request, timeout_); });
}

void RemoteWorkers::Unload(const std::string& host, const std::string& address,
                           const std::string& stage) {
  BlamingHost(host, [&] { Client(host, address).Unload(stage, kUnloadTimeout); });
}

WorkerState RemoteWorkers::State(const std::string& host, const std::string& address) {
  try {
    const v1::StatusReply status = Client(host, address).Status(kStatusTimeout);
    if (status.name() != host) {
      return {fmt::format("{} ({}): its worker is called '{}'", host, address,
                          Printable(status.name(), 60)),
              ""};
    }
    return {status.is_draining() ? fmt::format("{} ({}): is shutting down", host, address) : "",
            status.machine_id()};
  } catch (const std::runtime_error& error) {
    return {error.what(), ""};
  }
}

}  // namespace scission
