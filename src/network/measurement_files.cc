#include "network/measurement_files.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json_reader.h"
#include "base/text.h"
#include "network/network_csv.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "scission-network";
constexpr int kVersion = 1;
constexpr double kMaxMilliseconds = 1e12;
constexpr std::int64_t kMaxBytes = std::int64_t{1} << 53;

// ---- Reading ----

std::string Name(const JsonReader& json) {
  std::string name = json.Text();
  if (name.empty()) json.Fail("must not be empty");
  return name;
}

LinkMeasurement ReadLink(const JsonReader& json) {
  LinkMeasurement link{{Name(json["from"]), Name(json["to"])}, json["date"].Text(), {}, {}};
  const std::vector<JsonReader> sizes = json["sizes"].Items();
  if (sizes.size() < 2) json["sizes"].Fail("has less than two sizes");
  for (const JsonReader& size : sizes) {
    const std::int64_t bytes = size["bytes"].Integer(0, kMaxBytes);
    for (const double ms : size["samples_ms"].Numbers(1e-6, kMaxMilliseconds)) {
      link.transfers.push_back({bytes, Milliseconds(ms)});
    }
  }
  if (BySize(link.transfers).size() != sizes.size()) {
    json["sizes"].Fail("has a size twice, or one without samples");
  }
  link.fit = FitLink(link.transfers);
  return link;
}

// ---- Writing ----

Json SizeJson(const SizeTimes& size, const Link& link) {
  Json json = {
      {"bytes", size.bytes},
      {"median_ms", WholeNanoseconds(size.median)},
      {"fitted_ms", WholeNanoseconds(RoundTrip(link, Bytes{static_cast<double>(size.bytes)}))}};
  json["samples_ms"] = Json::array();
  for (const Seconds sample : size.samples) json["samples_ms"].push_back(WholeNanoseconds(sample));
  return json;
}

Json LinkJson(const LinkMeasurement& link) {
  Json json = {{"from", link.ends.from},
               {"to", link.ends.to},
               {"date", link.date},
               {"latency_ms", WholeNanoseconds(link.fit.link.latency)},
               {"bandwidth_mbps", link.fit.link.bytes_per_second / kBytesPerSecondPerMbps},
               {"median_error_percent", 100 * link.fit.median_error},
               {"worst_error_percent", 100 * link.fit.worst_error}};
  json["sizes"] = Json::array();
  for (const SizeTimes& size : BySize(link.transfers)) {
    json["sizes"].push_back(SizeJson(size, link.fit.link));
  }
  return json;
}

/// A line for each link.
std::string Text(const std::vector<LinkMeasurement>& links) {
  std::vector<std::string> lines;
  for (const LinkMeasurement& link : links) {
    lines.push_back(LinkJson(link).dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return fmt::format("{{\n\"format\": \"{}\",\n\"version\": {},\n\"links\": [\n{}\n]\n}}\n",
                     kFormat, kVersion, Join(lines, ",\n"));
}

/// In the place of what there is of the same ends, or behind all.
void Put(std::vector<LinkMeasurement>& links, const LinkMeasurement& link) {
  for (LinkMeasurement& known : links) {
    if (known.ends != link.ends) continue;
    known = link;
    return;
  }
  links.push_back(link);
}

}  // namespace

fs::path MeasurementFileOf(const fs::path& csv) { return fs::path(csv).replace_extension("json"); }

std::vector<LinkMeasurement> ReadMeasurements(const fs::path& file) {
  const auto document = JsonReader::Parse(file.string(), ReadFile(file));
  const JsonReader json(file.string(), document);
  json.RequireFormat(kFormat, kVersion, "a file of measured links (of network measure)");
  std::vector<LinkMeasurement> links;
  for (const JsonReader& link : json["links"].Items()) links.push_back(ReadLink(link));
  return links;
}

void RequireSavable(const fs::path& csv) {
  const fs::path json = MeasurementFileOf(csv);
  if (json == csv) throw InputError(csv.string(), "is the name of the file beside the CSV file");
  if (fs::exists(json)) ReadMeasurements(json);
  std::vector<std::string> warnings;
  if (fs::exists(csv)) ReadNetwork(csv, warnings);
  const AtomicFile try_to_write(csv);
}

void SaveMeasurement(const fs::path& csv, const LinkMeasurement& link) {
  const fs::path json = MeasurementFileOf(csv);
  std::vector<LinkMeasurement> links;
  if (fs::exists(json)) links = ReadMeasurements(json);
  Put(links, link);
  WriteFileAtomically(json, Text(links));
  WriteLink(csv, link.ends.from, link.ends.to, link.fit.link);
}

}  // namespace scission
