#include "cluster/remote_workers.h"

#include <fmt/format.h>

#include "base/text.h"

namespace scission {
namespace {

constexpr Seconds kUnloadTimeout(10);  // requests that it has are answered first
constexpr Seconds kStatusTimeout(5);

}  // namespace

WorkerState StateOf(ControlClient& client) {
  try {
    const v1::StatusReply status = client.Status(kStatusTimeout);
    const std::string place = fmt::format("{} ({})", client.host(), client.address());
    if (status.name() != client.host()) {
      return {fmt::format("{}: its worker is called '{}'", place, Printable(status.name(), 60)),
              {},
              {}};
    }
    return {status.is_draining() ? place + ": is shutting down" : "", status.machine_id(),
            status.network_id()};
  } catch (const std::runtime_error& error) {
    return {error.what(), {}, {}};
  }
}

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
  WorkerState state = StateOf(Client(host, address));
  // A channel whose connection failed waits for seconds before it tries again; a new one does not.
  if (!state.ailment.empty()) clients_.erase(host);
  return state;
}

}  // namespace scission
