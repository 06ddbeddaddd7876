// For end-to-end tests: workers on this machine, and the program that drives them.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "background.h"
#include "base/file.h"

namespace scission::testing {

class ClusterFixture : public ::testing::Test {
 protected:
  /// Starts the worker `name` on a port that the system chooses, or again on the one that it had.
  BackgroundProcess& StartWorker(const std::string& name,
                                 const std::vector<std::string>& more = {}) {
    const std::string listen = addresses_.contains(name) ? addresses_[name] : "127.0.0.1:0";
    std::vector<std::string> command = {
        Program(),   "worker", "--name",  name,
        "--listen",  listen,   "--cache", (folder_.path() / (name + "-cache")).string(),
        "--threads", "1"};
    command.insert(command.end(), more.begin(), more.end());
    workers_[name] = std::make_unique<BackgroundProcess>(command);
    workers_[name]->WaitFor("listens on ");
    const std::string output = workers_[name]->Output();
    const auto begin = output.find("listens on ") + 11;
    addresses_[name] = output.substr(begin, output.find('\n', begin) - begin);
    return *workers_[name];
  }

  BackgroundProcess& worker(const std::string& name) { return *workers_.at(name); }
  const std::string& AddressOf(const std::string& name) { return addresses_.at(name); }

  /// hosts.toml with all workers, each of the tier of its name.
  void WriteHosts() const {
    std::string text;
    for (const auto& [name, address] : addresses_) {
      text += fmt::format("[[host]]\nname = \"{0}\"\ntier = \"{0}\"\naddress = \"{1}\"\n\n", name,
                          address);
    }
    WriteFileAtomically(folder_.path() / "hosts.toml", text);
  }

  ProcessResult Scission(std::vector<std::string> arguments,
                         std::chrono::seconds timeout = std::chrono::seconds(120)) const {
    arguments.insert(arguments.begin(), Program());
    return RunProcess(arguments, folder_.path(), timeout);
  }

  std::string Path(const std::string& name) const { return (folder_.path() / name).string(); }

  /// With what `scission certs -o FOLDER` made for `name`.
  std::vector<std::string> TlsOptions(const std::string& name, const std::string& folder) const {
    return {"--tls-cert", Path(folder + "/" + name + ".crt"),
            "--tls-key",  Path(folder + "/" + name + ".key"),
            "--tls-ca",   Path(folder + "/ca.crt")};
  }

  TemporaryFolder folder_;
  std::map<std::string, std::unique_ptr<BackgroundProcess>> workers_;
  std::map<std::string, std::string> addresses_;
};

}  // namespace scission::testing
