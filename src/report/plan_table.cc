#include "report/plan_table.h"

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "plan/problem.h"

namespace scission {
namespace {

using Json = nlohmann::ordered_json;

struct Column {
  std::string name;
  std::function<Json(const Plan&)> value;
};

/// Without a decimal point where it is a whole number of bytes, as it nearly always is.
Json ByteCount(Bytes bytes) {
  const auto whole = static_cast<std::int64_t>(bytes.count);
  return static_cast<double>(whole) == bytes.count ? Json(whole) : Json(bytes.count);
}

const Stage* FindStage(const Plan& plan, const std::string& tier) {
  for (const Stage& stage : plan.stages) {
    if (stage.tier == tier) return &stage;
  }
  return nullptr;
}

/// A column of a tier: null where the tier is not used.
Column TierColumn(const std::string& tier, const char* suffix, Json (*value)(const Stage&)) {
  return {tier + suffix, [tier, value](const Plan& plan) {
            const Stage* stage = FindStage(plan, tier);
            return stage == nullptr ? Json() : value(*stage);
          }};
}

std::vector<Column> MakeColumns() {
  std::vector<Column> columns = {
      {"latency_ms", [](const Plan& plan) { return ToMilliseconds(plan.latency); }},
      {"compute_ms", [](const Plan& plan) { return ToMilliseconds(plan.compute); }},
      {"transfer_ms", [](const Plan& plan) { return ToMilliseconds(plan.transfer); }},
      {"sent_bytes", [](const Plan& plan) { return ByteCount(plan.sent); }},
      {"source", [](const Plan& plan) { return plan.source.empty() ? Json() : Json(plan.source); }},
  };
  for (const char* tier : kTiers) {
    columns.push_back(TierColumn(tier, "", [](const Stage& stage) { return Json(stage.host); }));
    columns.push_back(TierColumn(tier, "_first_layer",
                                 [](const Stage& stage) { return Json(stage.first_layer); }));
    columns.push_back(
        TierColumn(tier, "_last_layer", [](const Stage& stage) { return Json(stage.last_layer); }));
    columns.push_back(TierColumn(tier, "_compute_ms", [](const Stage& stage) {
      return Json(ToMilliseconds(stage.compute));
    }));
  }
  return columns;
}

/// What a spreadsheet reads back as the same text (RFC 4180).
std::string CsvCell(const Json& value) {
  if (value.is_null()) return "";
  if (!value.is_string()) return value.dump();
  auto text = value.get<std::string>();
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

Json StageJson(const Stage& stage) {
  return {{"host", stage.host},
          {"tier", stage.tier},
          {"first_layer", stage.first_layer},
          {"last_layer", stage.last_layer},
          {"compute_ms", ToMilliseconds(stage.compute)},
          {"measured_as_one", stage.measured}};
}

Json HopJson(const Hop& hop) {
  return {{"from", hop.from},
          {"to", hop.to},
          {"bytes", ByteCount(hop.bytes)},
          {"time_ms", ToMilliseconds(hop.time)}};
}

Json PlanJson(const Plan& plan, const std::vector<Column>& columns) {
  Json json;
  for (const Column& column : columns) json[column.name] = column.value(plan);
  json["stages"] = Json::array();
  for (const Stage& stage : plan.stages) json["stages"].push_back(StageJson(stage));
  json["hops"] = Json::array();
  for (const Hop& hop : plan.hops) json["hops"].push_back(HopJson(hop));
  return json;
}

}  // namespace

std::string PlansCsv(const std::vector<Plan>& plans) {
  const std::vector<Column> columns = MakeColumns();
  std::vector<std::string> cells = {"rank"};
  for (const Column& column : columns) cells.push_back(column.name);
  std::string csv = Join(cells, ",") + "\n";
  for (std::size_t i = 0; i < plans.size(); ++i) {
    cells = {std::to_string(i + 1)};
    for (const Column& column : columns) cells.push_back(CsvCell(column.value(plans[i])));
    csv += Join(cells, ",") + "\n";
  }
  return csv;
}

std::string PlansJson(const std::string& model, const std::vector<Plan>& plans,
                      const Plan* unsplit) {
  const std::vector<Column> columns = MakeColumns();
  Json json = {{"format", "scission-plans"}, {"version", 1}, {"model", model}};
  json["plans"] = Json::array();
  for (const Plan& plan : plans) json["plans"].push_back(PlanJson(plan, columns));
  json["best_without_split"] = unsplit == nullptr ? Json() : PlanJson(*unsplit, columns);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace scission
