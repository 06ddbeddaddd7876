// For tests only: workers that note what they are asked for.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cluster/workers.h"
#include "scission.pb.h"

namespace scission::testing {

/// All calls are successful, but of hosts in `broken`.
class FakeWorkers : public Workers {
 public:
  std::set<std::string> broken;                 ///< hosts that do not do what they are asked for
  std::set<std::string> ill;                    ///< hosts that only say so
  std::map<std::string, std::string> machines;  ///< by host
  std::function<void(const std::string& host)> on_state;  ///< called when one is asked how it is
  std::vector<std::string> calls;                         ///< "pi: load m.1", in order
  std::map<std::string, v1::LoadRequest> loaded;          ///< by the stage's name

  std::string Push(const std::string& host, const std::string&,
                   const std::filesystem::path& file) override {
    Do(host, "push " + file.filename().string());
    return "sha of " + file.filename().string();
  }
  void Load(const std::string& host, const std::string&, const v1::LoadRequest& request) override {
    Do(host, "load " + request.name());
    loaded[request.name()] = request;
  }
  void Unload(const std::string& host, const std::string&, const std::string& stage) override {
    Do(host, "unload " + stage);
    loaded.erase(stage);
  }
  WorkerState State(const std::string& host, const std::string&) override {
    if (on_state) on_state(host);
    const bool is_well = !broken.contains(host) && !ill.contains(host);
    return {is_well ? "" : host + ": is broken", machines[host]};
  }

  int Count(const std::string& call) const {
    return static_cast<int>(std::count(calls.begin(), calls.end(), call));
  }

 private:
  void Do(const std::string& host, const std::string& what) {
    calls.push_back(host + ": " + what);
    if (broken.contains(host)) throw HostError(host, host + ": is broken");
  }
};

}  // namespace scission::testing
