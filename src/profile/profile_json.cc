// Our own profiles: versioned JSON. docs/formats.md describes it; keep the two together.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json_reader.h"
#include "base/text.h"
#include "profile/check.h"
#include "profile/profile_io.h"

namespace scission {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxFileBytes = 1u << 30;
constexpr const char* kFormat = "scission-profile";
constexpr int kVersion = 1;

constexpr std::int64_t kMaxLayer = 1'000'000'000;
constexpr std::int64_t kMaxCount = std::int64_t{1} << 53;
constexpr double kMaxMilliseconds = 1e12;

// ---- Reading ----

int Integer(const JsonReader& object, const char* key, std::int64_t low, std::int64_t high) {
  return static_cast<int>(object[key].Integer(low, high));
}

Bytes Size(const JsonReader& object, const char* key) {
  return Bytes{static_cast<double>(object[key].Integer(0, kMaxCount))};
}

std::optional<Bytes> OptionalSize(const JsonReader& object, const char* key) {
  if (!object.Has(key)) return std::nullopt;
  return Size(object, key);
}

std::optional<Seconds> OptionalTime(const JsonReader& object, const char* key) {
  if (!object.Has(key)) return std::nullopt;
  return Milliseconds(object[key].Number(0, kMaxMilliseconds));
}

Host ReadHost(const JsonReader& json) {
  Host host;
  host.name = json["name"].Text();
  host.tier = ToLower(json["tier"].Text());
  host.cpu = json["cpu"].Text();
  host.cores = Integer(json, "cores", 0, 1'000'000);
  host.memory = Size(json, "memory_bytes");
  host.governor = json["governor"].Text();
  host.os = json["os"].Text();
  host.startup = OptionalTime(json, "startup_ms").value_or(Seconds(0));
  return host;
}

CodecFigures ReadCodec(const JsonReader& json) {
  return {json["codec"].Text(), Size(json, "bytes"),
          Milliseconds(json["encode_ms"].Number(0, kMaxMilliseconds)),
          Milliseconds(json["decode_ms"].Number(0, kMaxMilliseconds))};
}

Block ReadBlock(const JsonReader& json) {
  Block block;
  block.first_layer = Integer(json, "first_layer", 0, kMaxLayer);
  block.last_layer = Integer(json, "last_layer", 0, kMaxLayer);
  block.output_bytes = Size(json, "output_bytes");
  block.parameters = json["parameters"].Integer(0, kMaxCount);
  block.weight_bytes = Size(json, "weight_bytes");
  block.macs = json["macs"].Integer(0, INT64_MAX);
  block.flops = json["flops"].Integer(0, INT64_MAX);
  block.peak_activation_bytes = OptionalSize(json, "peak_activation_bytes");
  for (const JsonReader& type : json["layer_types"].Items()) {
    block.layer_types.push_back(type.Text());
  }
  if (json.Has("codecs")) {
    for (const JsonReader& codec : json["codecs"].Items()) block.codecs.push_back(ReadCodec(codec));
  }
  return block;
}

/// The summaries beside the samples are for people; only the samples count, and what their paces
/// rest on.
MeasuredRange ReadRange(const JsonReader& json) {
  MeasuredRange range;
  range.first_layer = Integer(json, "first_layer", 0, kMaxLayer);
  range.last_layer = Integer(json, "last_layer", 0, kMaxLayer);
  for (const double sample_ms : json["samples_ms"].Numbers(0, kMaxMilliseconds)) {
    range.samples.push_back(Milliseconds(sample_ms));
  }
  if (json.Has("paces")) range.paces = json["paces"].Numbers(1e-4, 1e4);
  if (json.Has("drift")) {  // before each sample had its own
    range.paces.assign(range.samples.size(), json["drift"].Number(1e-3, 1e3));
  }
  if (json.Has("precision")) range.precision = json["precision"].Number(0, 1e12);
  if (json.Has("unstable")) range.is_unstable = json["unstable"].Boolean();
  return range;
}

Stability ReadStability(const JsonReader& json) {
  Stability stability;
  stability.other_load = json["other_load"].Number(0, 1e3);
  stability.steal = json["steal"].Number(0, 1e3);
  stability.throttled = json["throttled"].Integer(0, kMaxCount);
  stability.frequency_drop = json["frequency_drop"].Number(0, 1);
  stability.unstable_ranges = Integer(json, "unstable_ranges", 0, kMaxLayer);
  return stability;
}

Repeatability ReadRepeatability(const JsonReader& json) {
  return {Integer(json, "ranges", 1, kMaxLayer), json["median"].Number(0, 2),
          json["percentile_95"].Number(0, 2)};
}

ModelProfile ReadModel(const JsonReader& json) {
  ModelProfile model;
  model.model = ToLower(json["model"].Text());
  model.model_hash = json["model_hash"].Text();
  model.date = json["date"].Text();
  model.engine = json["engine"].Text();
  model.provider = json["provider"].Text();
  model.threads = Integer(json, "threads", 0, 1'000'000);
  model.batch_size = Integer(json, "batch_size", 1, 1'000'000);
  model.input_bytes = Size(json, "input_bytes");
  model.load_time = OptionalTime(json, "load_ms");
  model.preprocess_time = OptionalTime(json, "preprocess_ms");
  model.first_run_time = OptionalTime(json, "first_run_ms");
  if (const auto fixed = OptionalTime(json, "startup_ms")) model.startup = {*fixed, 0};
  if (json.Has("startup_part")) {
    if (!model.startup) json["startup_part"].Fail("stands without startup_ms");
    model.startup->part = json["startup_part"].Number(0, kMostStartupPart);
  }
  if (json.Has("pinned")) model.is_pinned = json["pinned"].Boolean();
  if (json.Has("stability")) model.stability = ReadStability(json["stability"]);
  if (json.Has("repeatability")) model.repeatability = ReadRepeatability(json["repeatability"]);
  if (json.Has("cuts_left_out")) model.cuts_left_out = Integer(json, "cuts_left_out", 0, kMaxLayer);
  for (const JsonReader& block : json["blocks"].Items()) model.blocks.push_back(ReadBlock(block));
  for (const JsonReader& range : json["ranges"].Items()) model.ranges.push_back(ReadRange(range));
  return model;
}

// ---- Writing ----

Json HostJson(const Host& host) {
  Json json = {{"name", host.name},
               {"tier", host.tier},
               {"cpu", host.cpu},
               {"cores", host.cores},
               {"memory_bytes", static_cast<std::int64_t>(host.memory.count)},
               {"governor", host.governor},
               {"os", host.os}};
  if (host.startup > Seconds(0)) json["startup_ms"] = ToMilliseconds(host.startup);
  return json;
}

Json BlockJson(const Block& block) {
  Json json = {{"first_layer", block.first_layer},
               {"last_layer", block.last_layer},
               {"output_bytes", static_cast<std::int64_t>(block.output_bytes.count)},
               {"parameters", block.parameters},
               {"weight_bytes", static_cast<std::int64_t>(block.weight_bytes.count)},
               {"macs", block.macs},
               {"flops", block.flops}};
  if (const auto& peak = block.peak_activation_bytes) {
    json["peak_activation_bytes"] = static_cast<std::int64_t>(peak->count);
  }
  for (const CodecFigures& codec : block.codecs) {
    json["codecs"].push_back({{"codec", codec.codec},
                              {"bytes", static_cast<std::int64_t>(codec.bytes.count)},
                              {"encode_ms", ToMilliseconds(codec.encode)},
                              {"decode_ms", ToMilliseconds(codec.decode)}});
  }
  json["layer_types"] = block.layer_types;
  return json;
}

Json RangeJson(const MeasuredRange& range) {
  Json samples = Json::array();
  for (const Seconds sample : range.samples) samples.push_back(ToMilliseconds(sample));
  Json json = {{"first_layer", range.first_layer},
               {"last_layer", range.last_layer},
               {"median_ms", ToMilliseconds(range.Median())},
               {"p10_ms", ToMilliseconds(range.Percentile(0.1))},
               {"p90_ms", ToMilliseconds(range.Percentile(0.9))}};
  if (const auto interval = range.IntervalOfTypicalTime()) {
    json["interval_ms"] = {interval->low * 1e3, interval->high * 1e3};
  }
  json["samples_ms"] = std::move(samples);
  if (!range.paces.empty()) {
    json["paces"] = range.paces;
    json["typical_ms"] = ToMilliseconds(range.TypicalTime());
  }
  if (range.precision) json["precision"] = *range.precision;
  if (range.is_unstable) json["unstable"] = true;
  return json;
}

Json StabilityJson(const Stability& stability) {
  return {{"other_load", stability.other_load},
          {"steal", stability.steal},
          {"throttled", stability.throttled},
          {"frequency_drop", stability.frequency_drop},
          {"unstable_ranges", stability.unstable_ranges}};
}

Json RepeatabilityJson(const Repeatability& repeatability) {
  return {{"ranges", repeatability.ranges},
          {"median", repeatability.median},
          {"percentile_95", repeatability.percentile_95}};
}

/// All of a model but its blocks and ranges.
Json ModelHeadJson(const ModelProfile& model) {
  Json json = {{"model", model.model},
               {"model_hash", model.model_hash},
               {"date", model.date},
               {"engine", model.engine},
               {"provider", model.provider},
               {"threads", model.threads},
               {"batch_size", model.batch_size},
               {"input_bytes", static_cast<std::int64_t>(model.input_bytes.count)}};
  if (model.load_time) json["load_ms"] = ToMilliseconds(*model.load_time);
  if (model.preprocess_time) json["preprocess_ms"] = ToMilliseconds(*model.preprocess_time);
  if (model.first_run_time) json["first_run_ms"] = ToMilliseconds(*model.first_run_time);
  if (model.startup) {
    json["startup_ms"] = ToMilliseconds(model.startup->fixed);
    if (model.startup->part > 0) json["startup_part"] = model.startup->part;
  }
  if (model.is_pinned) json["pinned"] = true;
  if (model.stability) json["stability"] = StabilityJson(*model.stability);
  if (model.repeatability) json["repeatability"] = RepeatabilityJson(*model.repeatability);
  if (model.cuts_left_out > 0) json["cuts_left_out"] = model.cuts_left_out;
  return json;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// One element a line: a profile of a hundred blocks stays readable, and diffs stay small.
template <typename Element>
std::string Lines(const std::vector<Element>& elements, Json (*to_json)(const Element&)) {
  std::vector<std::string> lines;
  lines.reserve(elements.size());
  for (const Element& element : elements) lines.push_back("      " + Dump(to_json(element)));
  return Join(lines, ",\n");
}

/// The members of `json`, one a line, without the braces around them.
std::string Members(const Json& json, std::string_view indent) {
  std::vector<std::string> lines;
  for (const auto& [key, value] : json.items()) {
    lines.push_back(fmt::format("{}{}: {}", indent, Dump(key), Dump(value)));
  }
  return Join(lines, ",\n");
}

std::string ModelText(const ModelProfile& model) {
  return fmt::format("  {{\n{},\n    \"blocks\": [\n{}\n    ],\n    \"ranges\": [\n{}\n    ]\n  }}",
                     Members(ModelHeadJson(model), "    "), Lines(model.blocks, BlockJson),
                     Lines(model.ranges, RangeJson));
}

}  // namespace

Profile ReadProfile(const std::filesystem::path& path) {
  Profile profile;
  profile.file = path.string();
  const auto document = JsonReader::Parse(profile.file, ReadFile(path, kMaxFileBytes));
  const JsonReader json(profile.file, document);
  json.RequireFormat(kFormat, kVersion, "a profile");
  profile.host = ReadHost(json["host"]);
  for (const JsonReader& model : json["models"].Items()) {
    profile.models.push_back(ReadModel(model));
  }
  CheckProfile(profile);
  return profile;
}

void WriteProfile(const Profile& profile, const std::filesystem::path& file) {
  std::vector<std::string> models;
  for (const ModelProfile& model : profile.models) models.push_back(ModelText(model));
  WriteFileAtomically(
      file, fmt::format("{{\n\"format\": \"{}\",\n\"version\": {},\n\"host\": {},\n\"models\": "
                        "[\n{}\n]\n}}\n",
                        kFormat, kVersion, Dump(HostJson(profile.host)), Join(models, ",\n")));
}

}  // namespace scission
