// `scission network measure` with real workers: on loopback, and, where that is permitted, over
// links of known speed between network namespaces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cluster_fixture.h"
#include "network/measurement_files.h"
#include "network/network_csv.h"

namespace scission::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class NetworkMeasure : public ClusterFixture {
 protected:
  Network ReadCsv() const {
    std::vector<std::string> warnings;
    Network network = ReadNetwork(folder_.path() / "network.csv", warnings);
    EXPECT_EQ(warnings.size(), 0u);
    return network;
  }
};

TEST_F(NetworkMeasure, MeasuresBothDirectionsAndKeepsAllSamples) {
  StartWorker("device");
  StartWorker("edge");
  WriteHosts();
  const auto result = Scission({"network", "measure", "--hosts", "hosts.toml", "--rounds", "3"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const auto lines = Lines(result.standard_output);
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_THAT(lines[1], StartsWith("device  device "));
  EXPECT_THAT(lines[2], StartsWith("edge    edge "));
  EXPECT_THAT(lines[3], StartsWith("device  edge "));
  EXPECT_THAT(lines[4], StartsWith("edge    device "));
  EXPECT_EQ(lines[5], "Written: network.csv, network.json");
  const Network network = ReadCsv();
  EXPECT_EQ(network.links.size(), 4u);
  const auto measured = ReadMeasurements(folder_.path() / "network.json");
  ASSERT_EQ(measured.size(), 4u);
  for (const LinkMeasurement& link : measured) {
    const Link* row = network.Find(link.ends.from, link.ends.to);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(*row, link.fit.link);
    EXPECT_GT(row->bytes_per_second, 10e6);
    EXPECT_LT(row->latency, Milliseconds(100));
    const auto sizes = BySize(link.transfers);
    EXPECT_EQ(sizes.front().bytes, 1 << 10);
    EXPECT_EQ(sizes.back().bytes, 16 << 20);
    for (const SizeTimes& size : sizes) EXPECT_EQ(size.samples.size(), 3u);
    // A message of 16 MB takes longer than one of a kilobyte, however disturbed the machine is.
    EXPECT_GT(sizes.back().median, 3 * sizes.front().median);
  }
}

TEST_F(NetworkMeasure, GoesOnWithoutAHostThatIsGoneAndLosesNothing) {
  StartWorker("a");
  StartWorker("b");
  StartWorker("gone").Signal(SIGKILL);
  worker("gone").Wait();
  WriteFileAtomically(folder_.path() / "network.csv",
                      "from,to,ping,mbps\na,gone,7,8\nx,y,1,2\na,b,999,1\n");
  std::vector<std::string> command = {"network", "measure", "--rounds", "1"};
  for (const auto& [name, address] : addresses_) command.push_back(name + "=" + address);
  const auto result = Scission(command);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.standard_error, HasSubstr("scission: error: a to gone: "));
  EXPECT_THAT(result.standard_error, HasSubstr("scission: error: gone to b: "));
  EXPECT_THAT(result.standard_error, HasSubstr("gone (" + AddressOf("gone") + ")"));
  EXPECT_THAT(result.standard_error, HasSubstr("5 of 9 links could not be measured"));
  EXPECT_EQ(Lines(result.standard_output).size(), 6u);
  const Network network = ReadCsv();
  EXPECT_EQ(network.links.size(), 6u);
  EXPECT_EQ(network.Find("a", "gone")->latency, Milliseconds(7));
  EXPECT_EQ(network.Find("x", "y")->bytes_per_second, 250'000);
  EXPECT_LT(network.Find("a", "b")->latency, Milliseconds(500));
  EXPECT_NE(network.Find("b", "a"), nullptr);
}

TEST_F(NetworkMeasure, RefusesWhatIsWrongBeforeItMeasures) {
  const auto error = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"network", "measure"});
    const auto result = Scission(more);
    EXPECT_EQ(result.exit_code, 2);
    return result.standard_error;
  };
  const std::string a = "a=127.0.0.1:1";
  EXPECT_THAT(error({a}), HasSubstr("two hosts at least are needed"));
  EXPECT_THAT(error({a, a}), HasSubstr("HOST: a stands twice"));
  EXPECT_THAT(error({a, "b"}), HasSubstr("b: is not NAME=ADDRESS, and there is no --hosts"));
  EXPECT_THAT(error({a, "b,c=127.0.0.1:2"}), HasSubstr("cannot stand in a network file"));
  EXPECT_THAT(error({a, "b=127.0.0.1"}), HasSubstr("host b"));
  EXPECT_THAT(error({a, "b=192.0.2.1:7"}), HasSubstr("host b"));  // beyond loopback, no TLS
  WriteFileAtomically(folder_.path() / "bad.csv", "a,b\n");
  EXPECT_THAT(error({a, "b=127.0.0.1:2", "-o", "bad.csv"}), HasSubstr("bad.csv:1: has 2 column"));
  EXPECT_THAT(error({a, "b=127.0.0.1:2", "-o", "no/such.csv"}), HasSubstr("no/such.csv"));
  const auto result = Scission({"network", "guess"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.standard_error, HasSubstr("there is no 'guess'; there is measure"));
}

// ---- Links of known speed ----

/// Its full path, as root has it; empty where it is not there.
std::string Tool(const std::string& name) {
  for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"}) {
    if (::access((folder + name).c_str(), X_OK) == 0) return folder + name;
  }
  return "";
}

/// Two network namespaces with a link whose directions have a rate each.
class TwoNamespaces {
 public:
  TwoNamespaces(const std::string& rate_there, const std::string& rate_back)
      : a_("scn" + std::to_string(::getpid()) + "a"), b_("scn" + std::to_string(::getpid()) + "b") {
    is_permitted_ =
        !Tool("ip").empty() && !Tool("tc").empty() && Ip({"netns", "add", a_}) &&
        Ip({"netns", "add", b_}) &&
        Ip({"-n", a_, "link", "add", "v", "type", "veth", "peer", "name", "v", "netns", b_}) &&
        Configure(a_, kAddressA, rate_there) && Configure(b_, kAddressB, rate_back);
  }
  ~TwoNamespaces() {
    for (const std::string& name : {a_, b_}) Ip({"netns", "del", name});
  }
  TwoNamespaces(const TwoNamespaces&) = delete;
  TwoNamespaces& operator=(const TwoNamespaces&) = delete;

  bool is_permitted() const { return is_permitted_; }
  /// `command` as it runs at one end.
  static std::vector<std::string> At(const std::string& name, std::vector<std::string> command) {
    command.insert(command.begin(), {Tool("ip"), "netns", "exec", name});
    return command;
  }
  const std::string& a() const { return a_; }
  const std::string& b() const { return b_; }

  static constexpr const char* kAddressA = "10.213.7.1";
  static constexpr const char* kAddressB = "10.213.7.2";

 private:
  static bool Ip(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), Tool("ip"));
    return !arguments[0].empty() && RunProcess(arguments).exit_code == 0;
  }
  static bool Configure(const std::string& name, const std::string& address,
                        const std::string& rate) {
    return Ip({"-n", name, "addr", "add", address + "/24", "dev", "v"}) &&
           Ip({"-n", name, "link", "set", "v", "up"}) &&
           Ip({"-n", name, "link", "set", "lo", "up"}) &&
           RunProcess(At(name, {Tool("tc"), "qdisc", "add", "dev", "v", "root", "tbf", "rate", rate,
                                "burst", "32kb", "latency", "50ms"}))
                   .exit_code == 0;
  }

  std::string a_;
  std::string b_;
  bool is_permitted_ = false;
};

class NetworkBetweenNamespaces : public NetworkMeasure {
 protected:
  NetworkBetweenNamespaces() : link_("400mbit", "200mbit") {}

  void StartWorkerAt(const std::string& name, const std::string& space, const std::string& host) {
    addresses_[name] = host + ":7001";
    workers_[name] = std::make_unique<BackgroundProcess>(
        TwoNamespaces::At(space, {Program(), "worker", "--name", name, "--listen", addresses_[name],
                                  "--insecure", "--cache", folder_.path() / (name + "-cache")}));
    workers_[name]->WaitFor("listens on ");
  }

  nlohmann::json Iperf(bool is_reverse) {
    BackgroundProcess server(TwoNamespaces::At(link_.b(), {Tool("iperf3"), "-s", "-1"}));
    std::vector<std::string> client = {Tool("iperf3"), "-c", TwoNamespaces::kAddressB,
                                       "-t",           "2",  "--json"};
    if (is_reverse) client.emplace_back("--reverse");
    nlohmann::json report = nlohmann::json::object();
    EXPECT_TRUE(Eventually([&] {
      const auto result = RunProcess(TwoNamespaces::At(link_.a(), client));
      report = nlohmann::json::parse(result.standard_output, nullptr, false);
      // With --json, it ends well even where the server is not there yet.
      return report.is_object() && report.contains("end") && report["end"].contains("sum_received");
    }));
    return report;
  }

  static double BytesPerSecond(const nlohmann::json& report) {
    return report["end"]["sum_received"]["bits_per_second"].get<double>() / 8;
  }

  /// The least of some round trips, as ping prints it: "rtt min/avg/max/mdev = 0.05/..."
  Seconds Ping() {
    const auto result = RunProcess(TwoNamespaces::At(
        link_.a(), {Tool("ping"), "-q", "-c", "20", "-i", "0.01", TwoNamespaces::kAddressB}));
    const auto place = result.standard_output.find(" = ");
    if (place == std::string::npos) return Seconds(0);
    return Milliseconds(std::stod(result.standard_output.substr(place + 3)));
  }

  TwoNamespaces link_;
};

TEST_F(NetworkBetweenNamespaces, AgreesWithIperfAndPing) {
  if (!link_.is_permitted()) {
    GTEST_SKIP() << "no network namespaces here (they take root, ip and tc): links were measured "
                    "on loopback only, whose speed nothing tells";
  }
  StartWorkerAt("a", link_.a(), TwoNamespaces::kAddressA);
  StartWorkerAt("b", link_.b(), TwoNamespaces::kAddressB);
  WriteHosts();
  const auto result =
      RunProcess(TwoNamespaces::At(link_.a(), {Program(), "network", "measure", "--hosts",
                                               folder_.path() / "hosts.toml", "--rounds", "5",
                                               "--insecure", "-o", folder_.path() / "network.csv"}),
                 folder_.path());
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  std::cout << result.standard_output;
  const Network network = ReadCsv();
  const Link& there = *network.Find("a", "b");
  const Link& back = *network.Find("b", "a");
  // The rates count headers, too: some 4 %. Not more, and not much less, whatever iperf3 gets
  // below.
  for (const auto& [link, rate] : {std::pair(there, 400e6 / 8), std::pair(back, 200e6 / 8)}) {
    EXPECT_GT(link.bytes_per_second, 0.8 * rate);
    EXPECT_LT(link.bytes_per_second, 1.06 * rate);
  }
  if (!Tool("iperf3").empty()) {
    const double iperf_there = BytesPerSecond(Iperf(false));
    const double iperf_back = BytesPerSecond(Iperf(true));
    std::cout << fmt::format("iperf3: {:.1f} and {:.1f} Mbit/s\n", iperf_there / 125e3,
                             iperf_back / 125e3);
    EXPECT_GT(there.bytes_per_second, 0.9 * iperf_there);
    EXPECT_GT(back.bytes_per_second, 0.9 * iperf_back);
  }
  if (!Tool("ping").empty()) {
    const Seconds ping = Ping();
    std::cout << fmt::format("ping: {:.3f} ms\n", ToMilliseconds(ping));
    // A message passes through processes besides, and processes wait for a core.
    EXPECT_GT(there.latency + back.latency, ping);
    EXPECT_LT(there.latency + back.latency, ping + Milliseconds(20));
  }
}

}  // namespace
}  // namespace scission::testing
