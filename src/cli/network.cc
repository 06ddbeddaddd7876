// scission network: the links between workers, measured.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "bench/host_info.h"
#include "bench/progress.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/security_options.h"
#include "cluster/network_measure.h"
#include "network/hosts_toml.h"
#include "network/measurement_files.h"
#include "network/network_csv.h"
#include "report/network_table.h"
#include "wire/channel.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

struct NetworkOptions {
  std::string action;
  std::vector<std::string> hosts;
  std::string hosts_file;
  std::string output = "network.csv";
  LinkMeasureOptions measure;
  Security security;
};

constexpr const char* kDescription =
    "measure: finds the latency and the bandwidth of every link between HOSTs, in each direction\n"
    "apart, and of each HOST to itself, which is what handing it an input takes. Sends messages\n"
    "from 1 KB to 16 MB between their workers, through the same channels as those of a plan. One\n"
    "link at a time, because links may share a medium. Puts the links into the network file, "
    "where\n"
    "other links stay, and all samples beside it (network.json).";

constexpr const char* kExamples = R"(
Examples:
  $ scission network measure --hosts hosts.toml
  $ scission network measure pi=10.0.0.7:7001 gpu=10.0.0.9:7001 -o home.csv --insecure)";

void AddOptions(OptionSet& set, NetworkOptions& options) {
  set.Add("ACTION", options.action, "measure").Required();
  set.Add("HOST", options.hosts,
          "NAME=ADDRESS, or a name in the hosts file; by default all in it with an address");
  set.Add("--hosts", options.hosts_file, "TOML file with the addresses of hosts").TypeName("FILE");
  set.Add("-o,--output", options.output, "the network file").ShowDefault().TypeName("FILE");
  set.Add("--rounds", options.measure.rounds, "samples of each message size")
      .ShowDefault()
      .InRange(1, 1000);
  AddSecurityOptions(set, options.security);
  set.Footer(kExamples);
}

/// What HOST stands for.
WorkerAddress ParseHost(const std::string& text, const std::optional<Hosts>& hosts) {
  const auto equals = text.find('=');
  if (equals != text.npos) return {text.substr(0, equals), text.substr(equals + 1)};
  if (!hosts) {
    throw InputError(Printable(text, 60), "is not NAME=ADDRESS, and there is no --hosts");
  }
  const HostFacts* facts = hosts->Find(text);
  if (facts == nullptr) throw InputError(hosts->file, "there is no host " + Printable(text, 60));
  if (facts->address.empty()) throw InputError(hosts->file, text + " has no address");
  return {text, facts->address};
}

/// Those of the hosts file that have a worker of ours.
std::vector<WorkerAddress> AllIn(const Hosts& hosts) {
  std::vector<WorkerAddress> workers;
  for (const HostFacts& host : hosts.hosts) {
    if (!host.address.empty() && !host.hosted) workers.push_back({host.name, host.address});
  }
  return workers;
}

std::vector<WorkerAddress> FindWorkers(const NetworkOptions& options) {
  std::optional<Hosts> hosts;
  if (!options.hosts_file.empty()) hosts = ReadHosts(options.hosts_file);
  std::vector<WorkerAddress> workers;
  if (hosts && options.hosts.empty()) workers = AllIn(*hosts);
  for (const std::string& text : options.hosts) workers.push_back(ParseHost(text, hosts));
  if (workers.size() < 2) {
    throw InputError("scission network",
                     "two hosts at least are needed, as NAME=ADDRESS or with "
                     "addresses in --hosts");
  }
  for (auto worker = workers.begin(); worker != workers.end(); ++worker) {
    RequireNetworkName("HOST", worker->host);
    RequireSafe("host " + Printable(worker->host, 60), worker->address, options.security);
    const auto is_same = [&](const WorkerAddress& other) { return other.host == worker->host; };
    if (std::none_of(workers.begin(), worker, is_same)) continue;
    throw InputError("HOST", Printable(worker->host, 60) + " stands twice");
  }
  return workers;
}

/// Saves each link as soon as it is measured, and says how far things are.
class Observer {
 public:
  Observer(fs::path csv, bool is_terminal) : csv_(std::move(csv)), is_terminal_(is_terminal) {}

  MeasureObserver callbacks() {
    return {
        [this](const HostPair& ends) {
          bar_.emplace(EndsText(ends), is_terminal_);
          bar_->Update("measuring", 0, 0);
        },
        [this](const HostPair&, int done, int total) { bar_->Update("measuring", done, total); },
        [this](const LinkMeasurement& link) {
          bar_.reset();
          SaveMeasurement(csv_, link);
          std::cerr << LinkText(link) << '\n';
        },
        [this](const FailedLink& link) {
          bar_.reset();
          std::cerr << "scission: error: " << EndsText(link.ends) << ": "
                    << Printable(link.reason, 500) << '\n';
        }};
  }

 private:
  fs::path csv_;
  bool is_terminal_;
  std::optional<ProgressBar> bar_;
};

int Measure(NetworkOptions options) {
  CheckSecurity(options.security);
  const std::vector<WorkerAddress> workers = FindWorkers(options);
  RequireSavable(options.output);
  std::vector<std::string> names;
  for (const WorkerAddress& worker : workers) names.push_back(worker.host);
  options.measure.date = UtcNow();
  Observer observer(options.output, isatty(STDERR_FILENO) != 0);
  const NetworkMeasurement network = MeasureNetwork(workers, AllPairs(names), {options.security},
                                                    options.measure, observer.callbacks());
  std::cout << NetworkText(network);
  if (!network.links.empty()) {
    std::cout << fmt::format("Written: {}, {}\n", options.output,
                             MeasurementFileOf(options.output).string());
  }
  if (network.failed.empty()) return kDone;
  std::cerr << fmt::format(
      "scission: error: {} of {} links could not be measured; what the file "
      "had of them stays\n",
      network.failed.size(), network.failed.size() + network.links.size());
  return kBadInput;
}

}  // namespace

int RunNetwork(const std::vector<std::string>& arguments) {
  NetworkOptions options;
  OptionSet set(kDescription, "network");
  AddOptions(set, options);
  if (!set.Parse(arguments)) return kDone;
  if (options.action != "measure") {
    throw InputError("scission network", fmt::format("there is no '{}'; there is measure",
                                                     Printable(options.action, 40)));
  }
  return Measure(std::move(options));
}

}  // namespace scission
