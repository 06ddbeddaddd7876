#include "cluster/network_measure.h"

#include <map>

#include "cluster/control_client.h"

namespace scission {

NetworkMeasurement MeasureNetwork(const std::vector<WorkerAddress>& workers,
                                  const std::vector<HostPair>& pairs,
                                  const ChannelOptions& channels, const LinkMeasureOptions& options,
                                  const MeasureObserver& observer) {
  std::map<std::string, ControlClient> clients;
  for (const WorkerAddress& worker : workers) {
    clients.emplace(worker.host, ControlClient(worker.host, worker.address, channels));
  }
  const LinkProbe probe = [&](const HostPair& ends, const std::vector<std::int64_t>& sizes,
                              int rounds, const std::function<void(const Transfer&)>& sample) {
    v1::ProbeLinkRequest request;
    request.set_address(clients.at(ends.to).address());
    request.set_host(ends.to);
    request.mutable_sizes()->Add(sizes.begin(), sizes.end());
    request.set_rounds(rounds);
    clients.at(ends.from).ProbeLink(request, [&](const v1::ProbeLinkEvent& event) {
      sample({event.bytes(), Seconds(event.seconds())});
    });
  };
  return MeasureLinks(pairs, probe, options, observer);
}

}  // namespace scission
