// A study's outside world: workers, and a folder that keeps what they measured.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "cli/model_options.h"
#include "cli/plan_task.h"
#include "cli/study_query.h"
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
  ModelOptions model_options;
  std::string model_hash;       ///< of the model as `model_options` have it
  std::int64_t batch_size = 1;  ///< likewise, also where -b is not given
  QueryOptions query;
  std::string effort;   ///< empty: the worker's default
  int repeats = 0;      ///< 0: as many as needed
  int link_rounds = 0;  ///< samples of each message size
  std::filesystem::path folder;
};

/// Keeps in the folder: profiles/TIER-NAME.json, network.csv and network.json, plans.json, and
/// study.json, how it was measured. Each file appears complete or not at all.
class LiveStudy : public StudyWorld {
 public:
  /// Makes the folder, or takes up what is in it. Throws InputError where it was measured
  /// otherwise; what plans are asked for may change.
  LiveStudy(StudySettings settings, StudyQuery query, const Hosts& hosts, ChannelOptions channels,
            Say say);

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
  bool IsSource(const std::string& host) const;
  bool HasProfile(const std::string& host) const;
  void NameModel(ControlClient& client, v1::BenchmarkRequest& request) const;
  void SetOptions(v1::BenchmarkRequest& request) const;
  /// Whether the profile is of this host and of the model as it is asked for.
  bool IsOurs(const Profile& profile, const std::string& host) const;
  PlanTask MakePlanTask(const std::vector<std::string>& hosts,
                        std::vector<std::filesystem::path>& files);
  void RunBenchmark(const std::string& host, v1::BenchmarkRequest request);
  void KeepSettings() const;

  StudySettings settings_;
  const StudyQuery query_;
  const Hosts& hosts_;
  ChannelOptions channels_;
  Say say_;  ///< called by one thread at a time
  mutable std::mutex mutex_;
  std::set<std::string> unstable_;
  std::set<std::string> warnings_;  ///< said already
  Prediction prediction_;
};

}  // namespace scission
