#include "report/validation_table.h"

#include <fmt/format.h>

#include "report/table.h"

namespace scission {
namespace {

using Json = nlohmann::ordered_json;

Json OrNothing(const std::optional<Seconds>& time) {
  return time ? Json(ToMilliseconds(*time)) : Json();
}

double Percent(Seconds value, Seconds truth) { return 100 * RelativeError(value, truth); }

const std::vector<Column<RangeComparison>>& RangeColumns() {
  using Row = RangeComparison;
  static const std::vector<Column<Row>> kColumns = {
      {"first_layer", [](const Row& row) { return row.first_layer; }},
      {"last_layer", [](const Row& row) { return row.last_layer; }},
      {"origin", [](const Row& row) { return ToText(row.origin); }},
      {"predicted_ms", [](const Row& row) { return ToMilliseconds(row.predicted); }},
      {"deviation_ms", [](const Row& row) { return OrNothing(row.deviation); }},
      {"measured_ms", [](const Row& row) { return ToMilliseconds(row.measured); }},
      {"error_percent", [](const Row& row) { return Percent(row.predicted, row.measured); }},
      {"again_ms", [](const Row& row) { return ToMilliseconds(row.measured_again); }},
      {"again_percent", [](const Row& row) { return Percent(row.measured_again, row.measured); }},
      {"block_sum_ms", [](const Row& row) { return ToMilliseconds(row.block_sum); }},
      {"block_sum_percent", [](const Row& row) { return Percent(row.block_sum, row.measured); }},
      {"unstable", [](const Row& row) { return row.is_unstable; }},
  };
  return kColumns;
}

/// What disturbed the machine; null where nothing did.
Json Disturbance(const Stability& stability) {
  return stability.IsStable() ? Json() : Json(stability.Reasons());
}

/// A line of the table of errors.
struct NamedSpread {
  std::string name;
  ErrorSpread spread;
};

std::vector<NamedSpread> SpreadsOf(const ValidationSummary& summary) {
  return {{"prediction", summary.prediction},
          {"prediction, at the speed of now", summary.at_present_speed},
          {"measuring again", summary.repeatability},
          {"sum of blocks", summary.block_sum}};
}

const std::vector<Column<NamedSpread>>& SpreadColumns() {
  using Row = NamedSpread;
  static const std::vector<Column<Row>> kColumns = {
      {"error of", [](const Row& row) { return row.name; }},
      {"median %", [](const Row& row) { return 100 * row.spread.median; }},
      {"95th percentile %", [](const Row& row) { return 100 * row.spread.p95; }},
      {"worst %", [](const Row& row) { return 100 * row.spread.worst; }},
  };
  return kColumns;
}

Json SpreadJson(const ErrorSpread& spread) {
  return {{"median_percent", 100 * spread.median},
          {"p95_percent", 100 * spread.p95},
          {"worst_percent", 100 * spread.worst}};
}

Json SummaryJson(const ValidationSummary& summary) {
  return {
      {"prediction", SpreadJson(summary.prediction)},
      {"prediction_at_present_speed", SpreadJson(summary.at_present_speed)},
      {"measuring_again", SpreadJson(summary.repeatability)},
      {"block_sum", SpreadJson(summary.block_sum)},
      {"within_deviation", summary.within_deviation ? Json(*summary.within_deviation) : Json()}};
}

std::string SummaryText(const RangeValidation& validation) {
  const ValidationSummary summary = Summarize(validation.ranges, validation.whole);
  std::string text = CellsToText(MakeCells(SpreadColumns(), SpreadsOf(summary)));
  if (summary.within_deviation) {
    text += fmt::format("{:.0f} % of the predictions are within their standard error\n",
                        100 * *summary.within_deviation);
  }
  return text;
}

/// A stage, or the transfer before it, in the order in which they happen.
struct PlanRow {
  std::string what;
  Json predicted_ms;
  double measured_ms = 0;
  Json error_percent;
  Json bytes;
  Json unstable;  ///< of stages
};

PlanRow StageRow(const StageComparison& row) {
  const Stage& stage = row.stage;
  return {fmt::format("{} = {} - {}", stage.host, stage.first_layer, stage.last_layer),
          ToMilliseconds(stage.compute),
          ToMilliseconds(row.measured),
          Percent(stage.compute, row.measured),
          Json(),
          row.is_unstable};
}

PlanRow HopRow(const HopComparison& row) {
  return {fmt::format("{} to {}, through loopback", row.hop.from, row.hop.to),
          Json(),
          ToMilliseconds(row.loopback),
          Json(),
          row.sent.count,
          Json()};
}

std::vector<PlanRow> PlanRows(const PlanValidation& validation) {
  std::vector<PlanRow> rows;
  for (std::size_t i = 0; i <= validation.stages.size(); ++i) {
    if (const HopComparison* hop = validation.HopBefore(i)) rows.push_back(HopRow(*hop));
    if (i < validation.stages.size()) rows.push_back(StageRow(validation.stages[i]));
  }
  const Seconds planned = validation.PlannedCompute();
  const Seconds measured = validation.MeasuredCompute();
  rows.push_back({"all computing", ToMilliseconds(planned), ToMilliseconds(measured),
                  Percent(planned, measured), Json(), Json()});
  if (validation.hops.empty()) return rows;
  const Seconds links = validation.PlannedTransfer();
  rows.push_back({"end to end, with the plan's links", ToMilliseconds(planned + links),
                  ToMilliseconds(measured + links), Percent(planned + links, measured + links),
                  Json(), Json()});
  return rows;
}

const std::vector<Column<PlanRow>>& PlanColumns() {
  static const std::vector<Column<PlanRow>> kColumns = {
      {"what", [](const PlanRow& row) { return row.what; }},
      {"predicted_ms", [](const PlanRow& row) { return row.predicted_ms; }},
      {"measured_ms", [](const PlanRow& row) { return row.measured_ms; }},
      {"error_percent", [](const PlanRow& row) { return row.error_percent; }},
      {"bytes", [](const PlanRow& row) { return row.bytes; }},
      {"unstable", [](const PlanRow& row) { return row.unstable; }},
  };
  return kColumns;
}

}  // namespace

std::string ToText(SegmentOrigin origin) {
  switch (origin) {
    case SegmentOrigin::kMeasured:
      return "measured";
    case SegmentOrigin::kFitted:
      return "fitted";
    case SegmentOrigin::kExtrapolated:
      return "extrapolated";
    case SegmentOrigin::kBlockSum:
      break;
  }
  return "block sum";
}

std::string RangesText(const RangeValidation& validation, const ValidationSubject& subject) {
  const RangeComparison& whole = validation.whole;
  std::string text = fmt::format("{} on {} ({}), {} {}\n\n", subject.model, subject.host,
                                 subject.cpu.empty() ? "unknown processor" : subject.cpu,
                                 subject.threads, subject.threads == 1 ? "thread" : "threads");
  if (validation.ranges.empty()) {
    text += "Every range was measured: there is none to predict.\n";
  } else {
    text +=
        CellsToText(MakeCells(RangeColumns(), validation.ranges)) + "\n" + SummaryText(validation);
  }
  return text +
         fmt::format("The whole model takes {:.2f} ms now, {:.2f} ms in the profile ({:+.1f} %)\n",
                     ToMilliseconds(whole.measured), ToMilliseconds(whole.predicted),
                     Percent(whole.measured, whole.predicted));
}

std::string RangesCsv(const RangeValidation& validation) {
  return CellsToCsv(MakeCells(RangeColumns(), validation.ranges));
}

std::string RangesJson(const RangeValidation& validation, const ValidationSubject& subject) {
  Json json = {{"format", "scission-validation"}, {"version", 1}};
  json["model"] = subject.model;
  json["host"] = subject.host;
  json["cpu"] = subject.cpu;
  json["threads"] = subject.threads;
  json["is_other_machine"] = subject.is_other_machine;
  json["disturbance"] = Disturbance(validation.stability);
  json["summary"] = validation.ranges.empty()
                        ? Json()
                        : SummaryJson(Summarize(validation.ranges, validation.whole));
  json["whole"] = RowToJson(RangeColumns(), validation.whole);
  json["ranges"] = Json::array();
  for (const auto& row : validation.ranges)
    json["ranges"].push_back(RowToJson(RangeColumns(), row));
  return json.dump(2) + "\n";
}

std::string PlanRunText(const PlanValidation& validation, const std::string& model) {
  return model + ", the stages one after the other on this machine\n\n" +
         CellsToText(MakeCells(PlanColumns(), PlanRows(validation)));
}

std::string PlanRunCsv(const PlanValidation& validation) {
  return CellsToCsv(MakeCells(PlanColumns(), PlanRows(validation)));
}

std::string PlanRunJson(const PlanValidation& validation, const std::string& model) {
  Json json = {{"format", "scission-plan-run"}, {"version", 1}, {"model", model}};
  json["disturbance"] = Disturbance(validation.stability);
  json["rows"] = Json::array();
  for (const PlanRow& row : PlanRows(validation)) {
    json["rows"].push_back(RowToJson(PlanColumns(), row));
  }
  return json.dump(2) + "\n";
}

}  // namespace scission
