#include "cli/study_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/json_reader.h"
#include "base/sha256.h"
#include "base/text.h"
#include "bench/host_info.h"
#include "cluster/network_measure.h"
#include "cluster/remote_workers.h"
#include "network/measurement_files.h"
#include "network/network_csv.h"
#include "profile/profile_io.h"
#include "report/network_table.h"
#include "report/plan_inputs.h"
#include "report/plan_table.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kStudyFormat = "scission-study";
constexpr int kStudyVersion = 1;

/// External data of a model file lie beside it under one of these names.
fs::path ExternalDataOf(const fs::path& model) {
  for (const char* ending : {".data", "_data"}) {
    if (fs::exists(model.string() + ending)) return model.string() + ending;
  }
  return {};
}

Json SettingsJson(const StudySettings& settings) {
  Json json = {{"format", kStudyFormat}, {"version", kStudyVersion}};
  json["model"] = settings.model_name;
  json["sha256"] = IsBuiltIn(settings.model) ? "" : Sha256OfFile(settings.model);
  json["effort"] = settings.effort;
  json["repeats"] = settings.repeats;
  const LoadOptions load = ToLoadOptions(settings.model_options);
  json["batch_size"] = settings.batch_size;
  json["dimensions"] = load.dimensions;
  json["max_cut_tensors"] = settings.model_options.max_cut_tensors;
  json["codecs"] = !ParseCodecs(settings.query).empty();
  return json;
}

/// What is missing in study.json of older programs, which knew no such options.
Json OldSettings() {
  return {
      {"batch_size", 0}, {"dimensions", Json::object()}, {"max_cut_tensors", 1}, {"codecs", false}};
}

}  // namespace

LiveStudy::LiveStudy(StudySettings settings, StudyQuery query, const Hosts& hosts,
                     ChannelOptions channels, Say say)
    : settings_(std::move(settings)),
      query_(std::move(query)),
      hosts_(hosts),
      channels_(std::move(channels)),
      say_(std::move(say)) {
  CreateFolder(settings_.folder / "profiles");
  KeepSettings();
  RequireSavable(NetworkFile());
}

void LiveStudy::KeepSettings() const {
  const fs::path file = settings_.folder / "study.json";
  const Json now = SettingsJson(settings_);
  if (!fs::exists(file)) {
    WriteFileAtomically(file, now.dump(2) + "\n");
    return;
  }
  const auto kept = JsonReader::Parse(file.string(), ReadFile(file));
  JsonReader(file.string(), kept).RequireFormat(kStudyFormat, kStudyVersion, "a study");
  Json before = OldSettings();
  before.update(Json(kept));
  // Older programs wrote 0 for what was not given; profiles have the model's hash to be known by.
  if (before["batch_size"] == 0) before["batch_size"] = now["batch_size"];
  for (const auto& [key, value] : now.items()) {
    const bool is_more = key == "codecs" && !value.get<bool>();  // figures that nobody needs
    if (is_more || (before.contains(key) && before[key] == value)) continue;
    throw InputError(settings_.folder.string(),
                     fmt::format("holds a study with another '{}'; give a new folder to -o", key));
  }
}

ControlClient LiveStudy::ClientOf(const std::string& host) const {
  return {host, FactsOf(host).address, channels_};
}

fs::path LiveStudy::ProfileOf(const std::string& host) const {
  return settings_.folder / "profiles" / (FactsOf(host).tier + "-" + host + ".json");
}

bool LiveStudy::IsOurs(const Profile& profile, const std::string& host) const {
  const ModelProfile* model = profile.FindModel(settings_.model_name);
  return profile.host.name == host && model != nullptr && model->model_hash == settings_.model_hash;
}

bool LiveStudy::HasProfile(const std::string& host) const {
  if (!fs::exists(ProfileOf(host))) return false;
  if (IsOurs(ReadProfile(ProfileOf(host)), host)) return true;
  const std::lock_guard lock(mutex_);
  say_(fmt::format("{} is of another model, and is measured anew", ProfileOf(host).string()));
  return false;
}

std::set<std::string> LiveStudy::UnstableHosts() const {
  const std::lock_guard lock(mutex_);
  return unstable_;
}

WorkerState LiveStudy::State(const std::string& host) {
  ControlClient client = ClientOf(host);
  return StateOf(client);
}

void LiveStudy::NameModel(ControlClient& client, v1::BenchmarkRequest& request) const {
  if (IsBuiltIn(settings_.model)) {
    request.set_built_in(settings_.model);
    return;
  }
  request.set_blob_sha256(client.PushBlob(settings_.model));
  request.set_model_name(settings_.model_name);
  const fs::path data = ExternalDataOf(settings_.model);
  if (data.empty()) return;
  request.set_data_sha256(client.PushBlob(data));
  request.set_data_name(data.filename().string());
}

void LiveStudy::SetOptions(v1::BenchmarkRequest& request) const {
  const LoadOptions load = ToLoadOptions(settings_.model_options);
  request.set_batch_size(static_cast<std::int32_t>(load.batch_size.value_or(0)));
  request.mutable_dimensions()->insert(load.dimensions.begin(), load.dimensions.end());
  request.set_max_cut_tensors(settings_.model_options.max_cut_tensors);
  request.set_measures_codecs(!ParseCodecs(settings_.query).empty());
  request.set_effort(settings_.effort);
  request.set_repeats(settings_.repeats);
}

/// What comes back is from another machine: it must be a profile of the host before it is kept.
void LiveStudy::RunBenchmark(const std::string& host, v1::BenchmarkRequest request) {
  BlamingHost(host, [&] {
    ControlClient client = ClientOf(host);
    NameModel(client, request);
    request.set_tier(FactsOf(host).tier);
    SetOptions(request);
    const auto result = client.Benchmark(request, [&](const std::string& line) {
      const std::lock_guard lock(mutex_);
      say_(host + ": " + line);
    });
    const TemporaryFolder folder;
    const fs::path file = folder.path() / ProfileOf(host).filename();
    WriteFileAtomically(file, result.profile_json);
    if (!IsOurs(ReadProfile(file), host)) {
      throw InputError(host,
                       "measured something else than this model with these options; is its "
                       "scission another version?");
    }
    WriteFileAtomically(ProfileOf(host), result.profile_json);
    const std::lock_guard lock(mutex_);
    if (result.is_unstable) unstable_.insert(host);
  });
}

void LiveStudy::Benchmark(const std::string& host) {
  if (!HasProfile(host)) RunBenchmark(host, {});
}

void LiveStudy::MeasureSegments(const std::string& host) {
  v1::BenchmarkRequest request;
  request.set_plans_json(ReadFile(PlansFile()));
  request.set_profile_json(ReadFile(ProfileOf(host)));
  RunBenchmark(host, std::move(request));
}

bool LiveStudy::IsSource(const std::string& host) const {
  return Contains(query_.outline.sources, query_.outline.FindHost(host));
}

std::vector<std::string> LiveStudy::MeasureLinks(const std::vector<std::string>& hosts) {
  Network known;
  std::vector<std::string> warnings;
  if (fs::exists(NetworkFile())) known = ReadNetwork(NetworkFile(), warnings);
  std::vector<WorkerAddress> workers;
  for (const std::string& host : hosts) workers.push_back({host, FactsOf(host).address});
  std::vector<HostPair> pairs;
  for (const HostPair& pair : AllPairs(hosts)) {
    if (pair.from == pair.to && !IsSource(pair.from)) continue;
    if (known.Find(pair.from, pair.to) == nullptr) pairs.push_back(pair);
  }
  LinkMeasureOptions options;
  if (settings_.link_rounds > 0) options.rounds = settings_.link_rounds;
  options.date = UtcNow();
  MeasureObserver observer;
  observer.begins = [&](const HostPair& ends) {
    say_("measuring the link from " + EndsText(ends));
  };
  observer.measured = [&](const LinkMeasurement& link) { SaveMeasurement(NetworkFile(), link); };
  const NetworkMeasurement measured = MeasureNetwork(workers, pairs, channels_, options, observer);
  std::vector<std::string> lines;
  for (const FailedLink& link : measured.failed) {
    lines.push_back(fmt::format("there is no link from {}: {}", EndsText(link.ends),
                                Printable(link.reason, 300)));
  }
  return lines;
}

PlanTask LiveStudy::MakePlanTask(const std::vector<std::string>& hosts,
                                 std::vector<fs::path>& files) {
  std::vector<Profile> profiles;
  for (const std::string& host : hosts) {
    files.push_back(ProfileOf(host));
    profiles.push_back(ReadProfile(files.back()));
  }
  std::vector<std::string> warnings;
  // One host has no link, and needs none.
  Network network;
  if (fs::exists(NetworkFile())) {
    network = ReadNetwork(NetworkFile(), warnings);
    files.push_back(NetworkFile());
  }
  files.emplace_back(hosts_.file);
  const auto selected = SelectModel(profiles, settings_.model_name, warnings);
  Problem problem = MakeProblem(settings_.query, selected, network, hosts_, warnings);
  for (const std::string& warning : warnings) {
    if (warnings_.insert(warning).second) say_(Printable(warning, 500));
  }
  Query query = Renumbered(query_.query, query_.outline, problem);
  PlanTask task = MakeTask(settings_.query, std::move(problem), std::move(query), hosts_);
  task.network_file = NetworkFile().string();
  return task;
}

std::vector<Plan> LiveStudy::MakePlans(const std::vector<std::string>& hosts) {
  std::vector<fs::path> files;
  const PlanTask task = MakePlanTask(hosts, files);
  prediction_ = FindBest(task, StopAfterTimeLimit(settings_.query));
  prediction_.unsplit = BestUnsplitPlan(task.problem, task.query);
  SavePlans(PlansJson(prediction_), files, PlansFile());
  return prediction_.plans;
}

}  // namespace scission
