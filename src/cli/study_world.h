// A study's outside world: workers, and a folder that keeps what they measured.
#pragma once

#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "cluster/control_client.h"
#include "cluster/study.h"
#include "network/hosts.h"
#include "profile/profile.h"
#include "report/prediction.h"
#include "wire/channel.h"

namespace scission {

struct StudySettings {
  std::string model;       ///< a built-in one in lower case, or a file
  std::string model_name;  ///< what profiles call it
  std::string source;
  std::string effort;   ///< empty: the worker's default
  int repeats = 0;      ///< 0: as many as needed
  int link_rounds = 0;  ///< samples of each message size
  std::size_t plan_count = 5;
  std::filesystem::path folder;
};

/// Keeps in the folder: profiles/TIER-NAME.json, network.csv and network.json, plans.json, and
/// study.json, what the study is of. Each file appears complete or not at all.
class LiveStudy : public StudyWorld {
 public:
  /// Makes the folder, or takes up what is in it. Throws InputError where it holds a study of
  /// something else.
  LiveStudy(StudySettings settings, const Hosts& hosts, ChannelOptions channels, Say say);

  WorkerState State(const std::string& host) override;
  void Benchmark(const std::string& host) override;
  std::vector<std::string> MeasureLinks(const std::vector<std::string>& hosts) override;
  std::vector<Plan> MakePlans(const std::vector<std::string>& hosts) override;
  void MeasureSegments(const std::string& host) override;

  /// What the plans made last are, for reports.
  const Prediction& prediction() const { return prediction_; }
  /// Hosts whose machine was disturbed while it measured.
  std::set<std::string> UnstableHosts() const;
  std::filesystem::path PlansFile() const { return settings_.folder / "plans.json"; }

 private:
  const HostFacts& FactsOf(const std::string& host) const { return *hosts_.Find(host); }
  ControlClient ClientOf(const std::string& host) const;
  std::filesystem::path ProfileOf(const std::string& host) const;
  std::filesystem::path NetworkFile() const { return settings_.folder / "network.csv"; }
  bool HasProfile(const std::string& host) const;
  void NameModel(ControlClient& client, v1::BenchmarkRequest& request) const;
  void RunBenchmark(const std::string& host, v1::BenchmarkRequest request);
  void KeepSettings() const;

  StudySettings settings_;
  const Hosts& hosts_;
  ChannelOptions channels_;
  Say say_;  ///< called by one thread at a time
  mutable std::mutex mutex_;
  std::set<std::string> unstable_;
  Prediction prediction_;
};

}  // namespace scission
