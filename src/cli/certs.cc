// scission certs: the certificates of a small cluster.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "base/address.h"
#include "base/error.h"
#include "base/text.h"
#include "certs/cluster_certs.h"
#include "cli/command.h"
#include "cli/options.h"
#include "network/hosts_toml.h"

namespace scission {
namespace {

struct CertsArguments {
  CertsOptions certs;
  std::vector<std::string> words;  ///< NAME or NAME=ADDRESS
  std::string hosts_file;
};

constexpr const char* kDescription =
    "Makes a CA and a certificate and key for each host, so that workers and those who drive\n"
    "them prove to each other who they are, and for the coordinator, which runs the other\n"
    "commands. A CA that is in DIR is used again, and certificates that are there stay.";

constexpr const char* kFooter = R"(
The hosts are those of the hosts file and those that are named. A certificate is for the
addresses given (a host may stand several times), for its NAME, and for localhost.

Examples:
  scission certs -o certs edge1=10.0.0.2 cloud=gpu.example.org
  scission certs -o certs --hosts hosts.toml
  scission certs -o certs --renew edge1=10.0.0.2)";

void AddOptions(OptionSet& set, CertsArguments& arguments) {
  CertsOptions& certs = arguments.certs;
  set.Add("HOST", arguments.words, "NAME or NAME=ADDRESS, a host name or an IP address");
  set.Add("-o,--output", certs.folder, "The folder of the files; made where it is missing")
      .TypeName("DIR")
      .Required();
  set.Add("--hosts", arguments.hosts_file, "Also the hosts of this file with an address")
      .TypeName("HOSTS.toml");
  set.Add("--days", certs.days, "How long new certificates are valid; the CA is for 10 years")
      .ShowDefault()
      .InRange(1, 3650);
  set.AddFlag("--renew", certs.renews, "Make certificates that are there anew, but not the CA");
  set.Footer(kFooter);
}

/// Adds an address to the host of that name, which is added where it is new.
void AddHost(CertsOptions& certs, const std::string& name, const std::string& address) {
  auto found = std::find_if(certs.hosts.begin(), certs.hosts.end(),
                            [&](const CertsHost& host) { return host.name == name; });
  if (found == certs.hosts.end()) found = certs.hosts.insert(found, CertsHost{name, {}});
  if (!address.empty()) found->addresses.push_back(address);
}

void CollectHosts(CertsArguments& arguments) {
  if (!arguments.hosts_file.empty()) {
    for (const HostFacts& host : ReadHosts(arguments.hosts_file).hosts) {
      if (!host.address.empty()) AddHost(arguments.certs, host.name, host.address);
    }
  }
  for (const std::string& word : arguments.words) {
    const auto equals = word.find('=');
    const bool has_address = equals != std::string::npos;
    if (has_address && equals + 1 == word.size()) {
      throw InputError("'" + Printable(word, 80) + "'", "has no address behind '='");
    }
    AddHost(arguments.certs, word.substr(0, equals), has_address ? word.substr(equals + 1) : "");
  }
}

std::string StateOf(const CertsEntry& entry) {
  std::string state = entry.is_new ? "made" : "kept";
  if (!entry.remark.empty()) state += ", but " + entry.remark + " (--renew makes a new one)";
  return state;
}

void PrintEntry(const CertsEntry& entry) {
  const std::string names = Join(entry.alternative_names, ", ");
  std::cout << fmt::format("{}: {}, valid until {}{}\n", entry.certificate.string(), StateOf(entry),
                           DateOf(entry.until), names.empty() ? "" : ", for " + names);
}

/// As it is given to --listen, with the port that workers have unless told otherwise.
std::string ListenAddress(const CertsHost& host) {
  if (host.addresses.empty()) return "ADDRESS:7001";
  const std::string& address = host.addresses.front();
  if (ParseAddress(address)) return address;
  return (address.find(':') == std::string::npos ? address : "[" + address + "]") + ":7001";
}

void PrintUse(const CertsOptions& certs) {
  if (certs.hosts.empty()) return;
  std::cout << "\nGive each host its NAME.crt and NAME.key, and ca.crt; ca.key stays here, as it "
               "makes new ones.\nThen start the workers:\n";
  for (const CertsHost& host : certs.hosts) {
    std::cout << fmt::format(
        "  scission worker --name {0} --listen {1} --tls-cert {0}.crt --tls-key {0}.key "
        "--tls-ca ca.crt\n",
        host.name, ListenAddress(host));
  }
  const std::string folder = (certs.folder / "").string();
  std::cout << fmt::format(
      "and give the commands that drive them\n  --tls-cert {0}coordinator.crt --tls-key "
      "{0}coordinator.key --tls-ca {0}ca.crt\n",
      folder);
}

}  // namespace

int RunCerts(const std::vector<std::string>& words) {
  CertsArguments arguments;
  OptionSet set(kDescription, "certs");
  AddOptions(set, arguments);
  if (!set.Parse(words)) return kDone;
  CollectHosts(arguments);
  for (const CertsEntry& entry : MakeCertificates(arguments.certs)) PrintEntry(entry);
  PrintUse(arguments.certs);
  return kDone;
}

}  // namespace scission
