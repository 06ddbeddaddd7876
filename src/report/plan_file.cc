#include "report/plan_file.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json_reader.h"
#include "base/text.h"
#include "report/plan_inputs.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxLayer = 1'000'000'000;
constexpr double kMaxBytes = 1e18;
constexpr double kMaxMilliseconds = 1e12;
constexpr std::int64_t kMaxThreads = 1'000'000;

Seconds Time(const JsonReader& json) { return Milliseconds(json.Number(0, kMaxMilliseconds)); }

/// Names stand in messages and tables, a line each.
std::string Name(const JsonReader& json) {
  std::string name = json.Text();
  if (name.empty()) json.Fail("must not be empty");
  if (Printable(name) != name) json.Fail("is too long or has control characters");
  return name;
}

Stage ReadStage(const JsonReader& json, int first_layer) {
  Stage stage;
  stage.host = Name(json["host"]);
  stage.tier = Name(json["tier"]);
  stage.first_layer = static_cast<int>(json["first_layer"].Integer(0, kMaxLayer));
  if (stage.first_layer != first_layer) {
    json["first_layer"].Fail(
        fmt::format("is {}, not {}: stages are contiguous and begin with layer 0",
                    stage.first_layer, first_layer));
  }
  stage.last_layer = static_cast<int>(json["last_layer"].Integer(first_layer, kMaxLayer));
  stage.compute = Time(json["compute_ms"]);
  const bool is_measured = json["measured_as_one"].Boolean();
  stage.origin = is_measured ? SegmentOrigin::kMeasured : SegmentOrigin::kFitted;
  if (json.Has("startup_ms")) {  // a part of it
    stage.startup = Milliseconds(json["startup_ms"].Number(0, ToMilliseconds(stage.compute)));
  }
  if (json.Has("threads")) {
    stage.threads = static_cast<int>(json["threads"].Integer(1, kMaxThreads));
  }
  return stage;
}

Hop ReadHop(const JsonReader& json) {
  const auto bytes = [&json](const char* key) { return Bytes{json[key].Number(0, kMaxBytes)}; };
  return {Name(json["from"]),
          Name(json["to"]),
          bytes("bytes"),
          Time(json["time_ms"]),
          json.Has("codec") ? Name(json["codec"]) : "",
          json.Has("reply_bytes") ? bytes("reply_bytes") : Bytes()};
}

/// Whether `hops` lead along `stages`, perhaps from a source before the first one, perhaps back to
/// the source.
bool Match(const std::vector<Stage>& stages, const std::vector<Hop>& hops) {
  std::vector<std::string> hosts;
  if (!hops.empty() && hops.front().to == stages.front().host) hosts.push_back(hops.front().from);
  for (const Stage& stage : stages) hosts.push_back(stage.host);
  if (hops.size() == hosts.size()) hosts.push_back(hosts.front());
  if (hops.size() + 1 != hosts.size()) return false;
  for (std::size_t i = 0; i < hops.size(); ++i) {
    if (hops[i].from != hosts[i] || hops[i].to != hosts[i + 1]) return false;
  }
  return true;
}

PlanFile ReadPlan(const JsonReader& json) {
  PlanFile plan;
  plan.latency = Time(json["latency_ms"]);
  if (json.Has("entry_ms")) {
    plan.entry = Milliseconds(json["entry_ms"].Number(0, ToMilliseconds(plan.latency)));
  }
  int next_layer = 0;
  for (const JsonReader& stage : json["stages"].Items()) {
    plan.stages.push_back(ReadStage(stage, next_layer));
    next_layer = plan.stages.back().last_layer + 1;
  }
  if (plan.stages.empty()) json["stages"].Fail("there is no stage in it");
  for (const JsonReader& hop : json["hops"].Items()) plan.hops.push_back(ReadHop(hop));
  if (!Match(plan.stages, plan.hops)) {
    json["hops"].Fail("do not lead from each stage's host to the next one's");
  }
  return plan;
}

std::vector<PlanFile> PlansIn(const JsonReader& json) {
  json.RequireFormat(kPlansFormat, kPlansVersion, "a plan (of predict --format json)");
  const std::string model = ToLower(Name(json["model"]));
  const std::string hash = json.Has("model_hash") ? json["model_hash"].Text() : "";
  const bool counts_replies = json.Has("replies") && json["replies"].Boolean();
  std::vector<PlanFile> plans;
  for (const JsonReader& plan : json["plans"].Items()) {
    plans.push_back(ReadPlan(plan));
    plans.back().model = model;
    plans.back().model_hash = hash;
    plans.back().counts_replies = counts_replies;
  }
  if (plans.empty()) json["plans"].Fail("there is no plan in it");
  return plans;
}

std::optional<std::vector<std::string>> OptionsIn(const JsonReader& json) {
  if (!json.Has("options")) return std::nullopt;
  std::vector<std::string> options;
  for (const JsonReader& option : json["options"].Items()) options.push_back(option.Text());
  return options;
}

PlansFile Read(const fs::path& path, bool has_unchanged_inputs) {
  const std::string file = path.string();
  const auto document = JsonReader::Parse(file, ReadFile(path));
  const JsonReader json(file, document);
  PlansFile plans{path, PlansIn(json), OptionsIn(json), InputsOf(json, path)};
  if (has_unchanged_inputs) RequireUnchangedInputs(json, path);
  return plans;
}

}  // namespace

const std::string& PlanFile::source() const {
  const bool carries_input = !hops.empty() && hops.front().to == stages.front().host;
  return carries_input ? hops.front().from : stages.front().host;
}

PlansFile ReadPlans(const fs::path& path) { return Read(path, false); }

PlansFile ReadUnchangedPlans(const fs::path& path) { return Read(path, true); }

PlanFile ReadPlanFile(const fs::path& path) {
  return std::move(ReadUnchangedPlans(path).plans.front());
}

void RequireModel(const Model& model, const PlanFile& plan, const std::string& file) {
  if (ToLower(model.name()) != plan.model) {
    throw InputError(file, fmt::format("is a plan for '{}', not for '{}'", plan.model,
                                       Printable(model.name(), 100)));
  }
  if (plan.model_hash.empty() || plan.model_hash == model.Hash()) return;
  throw InputError(file, fmt::format("'{}' is no longer the model that was measured, or -b or "
                                     "--dim is another (the hashes differ)",
                                     plan.model));
}

}  // namespace scission
