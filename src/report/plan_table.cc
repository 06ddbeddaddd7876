#include "report/plan_table.h"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>

#include "plan/problem.h"
#include "plan/uncertainty.h"
#include "report/plan_file.h"
#include "report/plan_text.h"
#include "report/sensitivity_text.h"
#include "report/table.h"

namespace scission {
namespace {

using Json = nlohmann::ordered_json;

using PlanColumn = Column<Plan>;

/// Without a decimal point where it is a whole number of bytes, as it nearly always is.
Json ByteCount(Bytes bytes) {
  const auto whole = static_cast<std::int64_t>(bytes.count);
  return static_cast<double>(whole) == bytes.count ? Json(whole) : Json(bytes.count);
}

/// The only stage of the tier, if there is one.
const Stage* FindStage(const Plan& plan, const std::string& tier) {
  const Stage* found = nullptr;
  for (const Stage& stage : plan.stages) {
    if (stage.tier != tier) continue;
    if (found != nullptr) return nullptr;
    found = &stage;
  }
  return found;
}

/// A column of a tier: null where not exactly one host of it is used.
PlanColumn TierColumn(const std::string& tier, const char* suffix, Json (*value)(const Stage&)) {
  return {tier + suffix, [tier, value](const Plan& plan) {
            const Stage* stage = FindStage(plan, tier);
            return stage == nullptr ? Json() : value(*stage);
          }};
}

std::vector<PlanColumn> MakeColumns() {
  std::vector<PlanColumn> columns = {
      {"latency_ms", [](const Plan& plan) { return ToMilliseconds(plan.latency); }},
      {"compute_ms", [](const Plan& plan) { return ToMilliseconds(plan.compute); }},
      {"transfer_ms", [](const Plan& plan) { return ToMilliseconds(plan.transfer); }},
      {"entry_ms", [](const Plan& plan) { return ToMilliseconds(plan.entry); }},
      {"sent_bytes", [](const Plan& plan) { return ByteCount(plan.sent); }},
      {"period_ms", [](const Plan& plan) { return ToMilliseconds(plan.period); }},
      {"energy_j", [](const Plan& plan) { return plan.joules; }},
      {"cost", [](const Plan& plan) { return plan.price; }},
      {"deviation_ms",
       [](const Plan& plan) {
         const auto deviation = LatencyDeviation(plan);
         return deviation ? Json(ToMilliseconds(*deviation)) : Json();
       }},
      {"source", [](const Plan& plan) { return plan.source; }},
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

Json StageJson(const Stage& stage) {
  Json json = {{"host", stage.host},
               {"tier", stage.tier},
               {"first_layer", stage.first_layer},
               {"last_layer", stage.last_layer},
               {"compute_ms", ToMilliseconds(stage.compute)},
               {"measured_as_one", stage.origin == SegmentOrigin::kMeasured},
               {"origin", WordOf(stage.origin)},
               {"deviation_ms", stage.deviation ? Json(ToMilliseconds(*stage.deviation)) : Json()},
               {"threads", stage.threads > 0 ? Json(stage.threads) : Json()}};
  if (stage.pace_deviation) json["pace_deviation_percent"] = 100 * *stage.pace_deviation;
  if (stage.startup > Seconds(0)) json["startup_ms"] = ToMilliseconds(stage.startup);
  return json;
}

Json HopJson(const Hop& hop) {
  Json json = {{"from", hop.from},
               {"to", hop.to},
               {"bytes", ByteCount(hop.bytes)},
               {"time_ms", ToMilliseconds(hop.time)}};
  if (!hop.codec.empty()) json["codec"] = hop.codec;
  if (hop.reply > Bytes()) json["reply_bytes"] = ByteCount(hop.reply);
  return json;
}

Json PlanJson(const Plan& plan, const std::vector<PlanColumn>& columns) {
  Json json = RowToJson(columns, plan);
  json["stages"] = Json::array();
  for (const Stage& stage : plan.stages) json["stages"].push_back(StageJson(stage));
  json["hops"] = Json::array();
  for (const Hop& hop : plan.hops) json["hops"].push_back(HopJson(hop));
  return json;
}

/// What was looked for, and whether it is proven that it was found.
void AddSearch(Json& json, const Prediction& prediction) {
  json["objective"] = prediction.objective.text();
  if (!prediction.front.empty()) {
    json["objective"] = Json::array();
    for (const Metric metric : prediction.front) json["objective"].push_back(NameOf(metric));
  }
  json["options"] = prediction.options;
  json["is_proven"] = !prediction.bound && prediction.is_front_complete;
  json["bound"] = prediction.bound ? Json(*prediction.bound) : Json();
  if (!prediction.currency.empty()) json["currency"] = prediction.currency;
}

}  // namespace

std::string PlansCsv(const std::vector<Plan>& plans) {
  Cells cells = MakeCells(MakeColumns(), plans);
  cells[0].emplace(cells[0].begin(), "rank");
  cells[0].emplace_back("stages");
  for (std::size_t rank = 1; rank < cells.size(); ++rank) {
    cells[rank].emplace(cells[rank].begin(), rank);
    cells[rank].emplace_back(StagesText(plans[rank - 1]));
  }
  return CellsToCsv(cells);
}

std::string PlansJson(const Prediction& prediction) {
  const std::vector<PlanColumn> columns = MakeColumns();
  Json json = {{"format", kPlansFormat}, {"version", kPlansVersion}, {"model", prediction.model}};
  json["model_hash"] = prediction.model_hash.empty() ? Json() : Json(prediction.model_hash);
  if (prediction.counts_replies) json["replies"] = true;
  AddSearch(json, prediction);
  json["plans"] = Json::array();
  for (const Plan& plan : prediction.plans) {
    const auto probability = ProbabilityFaster(prediction.plans.front(), plan);
    json["plans"].push_back(PlanJson(plan, columns));
    json["plans"].back()["first_is_faster"] = probability ? Json(*probability) : Json();
  }
  json["best_without_split"] = prediction.unsplit ? PlanJson(*prediction.unsplit, columns) : Json();
  if (!prediction.sensitivities.empty()) {
    json["sensitivity"] = SensitivityJson(prediction.sensitivities);
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace scission
