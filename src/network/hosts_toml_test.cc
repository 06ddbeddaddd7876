#include "network/hosts_toml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/file.h"
#include "base/random.h"
#include "base/testing/error_of.h"

namespace scission {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class HostsToml : public ::testing::Test {
 protected:
  Hosts Read(const std::string& text) {
    std::filesystem::remove(path_);  // an old file that is written over waits for the disk
    std::ofstream(path_, std::ios::binary) << text;
    return ReadHosts(path_);
  }

  /// The message without the folder's name.
  std::string ErrorOf(const std::string& text) {
    const std::string message = testing::ErrorOf([&] { Read(text); });
    const std::string folder = folder_.path().string() + "/";
    return message.starts_with(folder) ? message.substr(folder.size()) : message;
  }

  TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "h.toml";
};

TEST_F(HostsToml, ReadsHosts) {
  const Hosts hosts = Read(R"(currency = "EUR"
[[host]]
name = "pi 4"
tier = "Device"
address = "192.168.1.7:7000"
watts = 6.5
price_per_hour = 0
memory_gb = 3.5
startup_ms = 2
[[host]]
name = "vm"
)");
  EXPECT_EQ(hosts.currency, "EUR");
  EXPECT_EQ(hosts.hosts.size(), 2u);
  const HostFacts* pi = hosts.Find("pi 4");
  ASSERT_NE(pi, nullptr);
  EXPECT_EQ(pi->tier, "device");
  EXPECT_EQ(pi->address, "192.168.1.7:7000");
  EXPECT_EQ(pi->watts, 6.5);
  EXPECT_EQ(pi->price_per_hour, 0);
  EXPECT_EQ(pi->memory, Bytes{3.5e9});
  EXPECT_EQ(pi->startup, Seconds(0.002));
  const HostFacts* vm = hosts.Find("vm");
  ASSERT_NE(vm, nullptr);
  EXPECT_EQ(vm->tier, "");
  EXPECT_EQ(vm->watts, std::nullopt);
  EXPECT_EQ(vm->price_per_hour, std::nullopt);
  EXPECT_EQ(vm->memory, std::nullopt);
  EXPECT_EQ(vm->startup, Seconds(0));
  EXPECT_EQ(hosts.Find("other"), nullptr);
}

TEST_F(HostsToml, ReadsLinksWithTheFilesDefaults) {
  // The defaults may stand behind the links.
  const Hosts hosts = Read(R"([[link]]
from = "a"
to = "b"
price_per_gb = 2
[links]
joules_per_mb = 0.5
price_per_gb = 1
)");
  EXPECT_EQ(hosts.OfLink("a", "b"), (LinkFacts{5e-7, 2e-9}));
  EXPECT_EQ(hosts.OfLink("b", "a"), (LinkFacts{5e-7, 1e-9}));
}

TEST_F(HostsToml, CostNothingWhereTheFileIsEmpty) {
  const Hosts hosts = Read("");
  EXPECT_EQ(hosts.hosts.size(), 0u);
  EXPECT_EQ(hosts.currency, "");
  EXPECT_EQ(hosts.OfLink("a", "b"), LinkFacts{});
}

TEST_F(HostsToml, ReadsTheExample) {
  const Hosts hosts = ReadHosts(std::filesystem::path(SCISSION_SOURCE_DIR) / "examples/hosts.toml");
  EXPECT_EQ(hosts.hosts.size(), 3u);
  EXPECT_EQ(hosts.Find("epyc2")->memory, Bytes{8e9});
  EXPECT_EQ(hosts.OfLink("this-machine", "epyc2"), (LinkFacts{3e-6, 2e-9}));
  EXPECT_EQ(hosts.OfLink("epyc1", "epyc2"), (LinkFacts{0.1 / 1e6, 0}));
}

TEST_F(HostsToml, NamesTheLineOfWhatIsWrongWithAHost) {
  const auto error = [&](const std::string& row) {
    return ErrorOf("[[host]]\nname = \"a\"\n" + row + "\n");
  };
  EXPECT_EQ(error("wats = 3"), "h.toml:3: there is no 'wats' here; did you mean 'watts'?");
  EXPECT_EQ(error("colour = 3"),
            "h.toml:3: there is no 'colour' here; there may be name, tier, address, engine, model, "
            "layers, watts, price_per_hour, memory_gb, startup_ms");
  EXPECT_EQ(error("watts = \"3\""), "h.toml:3: 'watts' must be a number");
  EXPECT_EQ(error("watts = true"), "h.toml:3: 'watts' must be a number");
  EXPECT_EQ(error("watts = 2024-05-01"), "h.toml:3: 'watts' must be a number");
  EXPECT_EQ(error("watts = -1"), "h.toml:3: 'watts': -1 is outside 0 to 1000000000000");
  EXPECT_EQ(error("price_per_hour = -0.5"),
            "h.toml:3: 'price_per_hour': -0.5 is outside 0 to 1000000000000");
  EXPECT_EQ(error("memory_gb = inf"), "h.toml:3: 'memory_gb': inf is outside 0 to 1000000000000");
  EXPECT_EQ(error("startup_ms = nan"), "h.toml:3: 'startup_ms': nan is outside 0 to 1000000000000");
  EXPECT_EQ(error("tier = 3"), "h.toml:3: 'tier' must be a text in quotes");
  EXPECT_EQ(error("address = \"\""), "h.toml:3: 'address' is empty");
  EXPECT_EQ(error("tier = \"a\\nb\""), "h.toml:3: 'tier' is too long or has control characters");
  EXPECT_EQ(error("[[host]]\nwatts = 3"), "h.toml:3: 'name' is missing");
  EXPECT_EQ(error("[[host]]\nname = \"a\""), "h.toml:3: the host 'a' stands twice");
}

TEST_F(HostsToml, ReadsSegmentsOnOtherServers) {
  const Hosts hosts = Read(R"([[host]]
name = "a"
engine = "oip"
address = "[::1]:8001"
model = "resnet50-head"
layers = "0-52"
[[host]]
name = "b"
address = "gpu.example:65535"
engine = "scission"
[[host]]
name = "c"
engine = "oip"
address = "10.0.0.9:1"
model = "m"
layers = "7"
)");
  EXPECT_EQ(hosts.Find("a")->address, "[::1]:8001");
  EXPECT_EQ(hosts.Find("a")->hosted, (HostedSegment{"resnet50-head", 0, 52}));
  EXPECT_EQ(hosts.Find("b")->hosted, std::nullopt);
  EXPECT_EQ(hosts.Find("c")->hosted, (HostedSegment{"m", 7, 7}));
}

TEST_F(HostsToml, NamesTheLineOfWhatIsWrongWithAServer) {
  const auto error = [&](const std::string& rows) {
    return ErrorOf("[[host]]\nname = \"a\"\n" + rows + "\n");
  };
  EXPECT_EQ(error("engine = \"tf\""), "h.toml:3: 'engine': 'tf' is not scission or oip");
  EXPECT_EQ(error("model = \"m\""), "h.toml:3: 'model' is for engine = \"oip\" alone");
  EXPECT_EQ(error("engine = \"scission\"\nlayers = \"0-1\""),
            "h.toml:4: 'layers' is for engine = \"oip\" alone");
  EXPECT_EQ(error("engine = \"oip\"\nmodel = \"m\"\nlayers = \"0-1\""),
            "h.toml:1: 'address' is missing");
  const std::string oip = "engine = \"oip\"\naddress = \"b:1\"\n";
  EXPECT_EQ(error(oip + "layers = \"0-1\""), "h.toml:1: 'model' is missing");
  EXPECT_EQ(error(oip + "model = \"m\""), "h.toml:1: 'layers' is missing");
  for (const std::string layers : {"1-0", "a-b", "0-1-2", "-1", "0-", "0-1000000001"}) {
    EXPECT_EQ(error(oip + "model = \"m\"\nlayers = \"" + layers + "\""),
              "h.toml:6: 'layers': '" + layers + "' is not FIRST-LAST, as in 0-52");
  }
  for (const std::string address : {"b", "b:", ":1", "b:0", "b:65536", "::1:70", "[]:1", "[::1]",
                                    "b:1/x", "http://b:1", "b :1"}) {
    EXPECT_EQ(error("address = \"" + address + "\""),
              "h.toml:3: 'address': '" + address + "' is not HOST:PORT");
  }
}

TEST_F(HostsToml, NamesTheLineOfWhatIsWrongWithALink) {
  const auto error = [&](const std::string& row) {
    return ErrorOf("[[link]]\nfrom = \"a\"\n" + row + "\n");
  };
  EXPECT_EQ(error("watts = 3"), "h.toml:1: 'to' is missing");
  EXPECT_EQ(error("to = \"a\""), "h.toml:1: a link from 'a' to itself");
  EXPECT_EQ(error("to = \"b\"\nwatts = 3"),
            "h.toml:4: there is no 'watts' here; there may be from, to, joules_per_mb, "
            "price_per_gb");
  EXPECT_EQ(error("to = \"b\"\njoules_per_mb = -3"),
            "h.toml:4: 'joules_per_mb': -3 is outside 0 to 1000000000000");
  EXPECT_EQ(error("to = \"b\"\n[[link]]\nfrom = \"a\"\nto = \"b\""),
            "h.toml:4: the link from 'a' to 'b' stands twice");
  EXPECT_EQ(ErrorOf("[links]\nfrom = \"a\""),
            "h.toml:2: there is no 'from' here; there may be joules_per_mb, price_per_gb");
}

TEST_F(HostsToml, NamesTheLineOfWhatIsWrongWithTheFile) {
  EXPECT_EQ(ErrorOf("\n[host]\nname = \"a\""),
            "h.toml:2: 'host' must be a list of tables, [[host]]");
  EXPECT_EQ(ErrorOf("host = [1, 2]"), "h.toml:1: 'host' must be a list of tables, [[host]]");
  EXPECT_EQ(ErrorOf("\n[[links]]\n"), "h.toml:2: 'links' must be a table, [links]");
  EXPECT_EQ(ErrorOf("\n[[hosts]]\nname = \"a\""),
            "h.toml:2: there is no 'hosts' here; did you mean 'host'?");
  EXPECT_EQ(ErrorOf("currency = 3"), "h.toml:1: 'currency' must be a text in quotes");
  EXPECT_THAT(ErrorOf("[[host]]\nname = \"a\nwatts = 3\n"), StartsWith("h.toml:2: is not TOML: "));
  EXPECT_THAT(ErrorOf("[[host]]\nname = \"a\"\nname = \"b\"\n"),
              StartsWith("h.toml:3: is not TOML: "));
  EXPECT_THAT(ErrorOf("[[host]]\nname = \"\xff\"\n"), StartsWith("h.toml:2: is not TOML: "));
  EXPECT_THAT(ErrorOf("source,destination,ping(ms),bandwidth(mbps)\n"),
              StartsWith("h.toml:1: is not TOML: "));
}

TEST_F(HostsToml, SurvivesNesting) {
  std::string keys = "a";
  for (int i = 0; i < 1'000'000; ++i) keys += ".a";
  EXPECT_EQ(ErrorOf(keys + " = 1"), "h.toml:1: has more than 4096 bytes");
  EXPECT_THAT(ErrorOf("a = " + std::string(4000, '[')), StartsWith("h.toml:1: is not TOML: "));
  std::string lines = "a = ";
  for (int i = 0; i < 100'000; ++i) lines += "[\n";
  EXPECT_THAT(ErrorOf(lines), HasSubstr("is not TOML: "));
  std::string header = "[";
  for (int i = 0; i < 2000; ++i) header += "a.";
  EXPECT_THAT(ErrorOf(header + "a]\n" + keys.substr(0, 4001) + " = 1\n"),
              StartsWith("h.toml:1: there is no 'a' here; there may be "));
}

TEST_F(HostsToml, SurvivesEverySmallDamage) {
  const std::string good =
      ReadFile(std::filesystem::path(SCISSION_SOURCE_DIR) / "examples/hosts.toml");
  Random random(7);
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string text = good.substr(0, 1 + random.Below(good.size()));
    for (int j = 0; j < 3; ++j)
      text[random.Below(text.size())] = static_cast<char>(random.Below(256));
    const std::string error = ErrorOf(text);
    if (error == "no error") continue;
    EXPECT_THAT(error, ::testing::MatchesRegex("h\\.toml:[0-9]+: [^\n]+"));
    ++refused;
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace scission
