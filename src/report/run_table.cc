#include "report/run_table.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "report/table.h"
#include "validate/comparison.h"

namespace scission {
namespace {

using Json = nlohmann::ordered_json;

/// A part of a request, in the order in which they happen, or the whole.
struct Row {
  std::string what;
  std::optional<Seconds> predicted;
  std::optional<Seconds> alone;
  Spread measured;
  std::optional<Seconds> waiting;  ///< median, in the stage's queue
  const HopReport* hop = nullptr;
};

Json Milliseconds(std::optional<Seconds> time) {
  return time ? Json(ToMilliseconds(*time)) : Json();
}

Json ErrorPercent(const Row& row) {
  if (!row.predicted || row.measured.median.count() == 0) return {};
  return 100 * RelativeError(*row.predicted, row.measured.median);
}

Json ByteCount(Bytes bytes) { return static_cast<std::int64_t>(std::llround(bytes.count)); }

Json PlannedReply(const Row& row) {
  return row.hop && row.hop->planned_reply ? ByteCount(*row.hop->planned_reply) : Json();
}

const std::vector<Column<Row>>& Columns() {
  static const std::vector<Column<Row>> kColumns = {
      {"what", [](const Row& row) { return row.what; }},
      {"predicted_ms", [](const Row& row) { return Milliseconds(row.predicted); }},
      {"alone_ms", [](const Row& row) { return Milliseconds(row.alone); }},
      {"median_ms", [](const Row& row) { return Milliseconds(row.measured.median); }},
      {"p90_ms", [](const Row& row) { return Milliseconds(row.measured.p90); }},
      {"p99_ms", [](const Row& row) { return Milliseconds(row.measured.p99); }},
      {"error_percent", ErrorPercent},
      {"waiting_ms", [](const Row& row) { return Milliseconds(row.waiting); }},
      {"codec", [](const Row& row) { return row.hop ? Json(ToText(row.hop->codec)) : Json(); }},
      {"planned_bytes",
       [](const Row& row) { return row.hop ? ByteCount(row.hop->planned) : Json(); }},
      {"sent_bytes", [](const Row& row) { return row.hop ? ByteCount(row.hop->sent) : Json(); }},
      {"planned_reply_bytes", PlannedReply},
      {"reply_bytes", [](const Row& row) { return row.hop ? ByteCount(row.hop->reply) : Json(); }},
  };
  return kColumns;
}

std::string NameOf(const PipelineStage& stage) {
  return fmt::format("{} = {} - {}", stage.host, stage.layers.first, stage.layers.last);
}

/// A relay has no row: all that it does belongs to its hop.
std::vector<Row> RowsOf(const RunReport& report) {
  std::vector<Row> rows;
  if (!report.stages.empty()) {
    const std::string& host = report.stages[0].stage.host;
    rows.push_back({report.is_from_caller ? "caller to " + host : host + " takes the request",
                    report.predicted_entry,
                    {},
                    report.entry,
                    {}});
  }
  for (std::size_t i = 0; i < report.stages.size(); ++i) {
    const StageReport& stage = report.stages[i];
    if (stage.stage.kind != StageKind::kRelay) {
      rows.push_back(
          {NameOf(stage.stage), stage.predicted, stage.alone, stage.compute, stage.queue.median});
    }
    if (i == report.hops.size()) break;
    const HopReport& hop = report.hops[i];
    rows.push_back(
        {fmt::format("{} to {}", hop.from, hop.to), hop.predicted, {}, hop.time, {}, &hop});
  }
  rows.push_back({"end to end", report.predicted, report.predicted_now, report.total, {}});
  if (!report.is_from_caller) {
    rows.push_back({"as the caller sees it", {}, {}, report.wall, {}});
  }
  return rows;
}

std::string Count(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string OutputsText(const RunReport& report) {
  if (report.wrong > 0) {
    return fmt::format("outputs: {} of {} differ from the unsplit model's: {}\n", report.wrong,
                       report.requests, Printable(report.first_difference, 200));
  }
  const std::string deviation =
      fmt::format("largest deviation {:.2g} of the largest element", report.deviation);
  return report.is_lossy ? fmt::format("outputs: changed by a lossy codec; {}\n", deviation)
                         : fmt::format("outputs: all equal the unsplit model's; {}\n", deviation);
}

std::string LossesText(const RunReport& report) {
  std::string text;
  for (const HostLoss& loss : report.losses) {
    text += fmt::format("after {}: {}; {}\n", Count(loss.completed, "answer"),
                        Printable(loss.reason, 500), Printable(loss.consequence, 500));
  }
  return text;
}

Json LossJson(const HostLoss& loss) {
  return {{"host", loss.host.empty() ? Json() : Json(loss.host)},
          {"reason", loss.reason},
          {"completed", loss.completed},
          {"consequence", loss.consequence}};
}

}  // namespace

std::string RunText(const RunReport& report) {
  std::string text = fmt::format(
      "{}: {}\n{} answered{}\n\n", Printable(report.model), Printable(report.plan, 1000),
      Count(report.requests, "request"),
      report.rejected > 0 ? fmt::format(", {} refused by full queues", report.rejected) : "");
  text += CellsToText(MakeCells(Columns(), RowsOf(report))) + "\n";
  text += fmt::format("throughput: {:.2f} a second; the plan's bottleneck allows {:.2f}\n",
                      report.throughput.measured, report.throughput.predicted);
  text += OutputsText(report) + LossesText(report);
  for (const std::string& note : report.notes) text += Printable(note, 500) + "\n";
  return text;
}

std::string RunCsv(const RunReport& report) {
  return CellsToCsv(MakeCells(Columns(), RowsOf(report)));
}

std::string RunJson(const RunReport& report) {
  Json json = {{"format", "scission-run"}, {"version", 1}};
  json["model"] = report.model;
  json["plan"] = report.plan;
  json["requests"] = report.requests;
  json["rejected"] = report.rejected;
  json["wrong"] = report.wrong;
  json["first_difference"] = report.wrong > 0 ? Json(report.first_difference) : Json();
  json["deviation"] = report.deviation;
  json["is_lossy"] = report.is_lossy;
  json["throughput"] = {{"measured_per_s", report.throughput.measured},
                        {"bottleneck_per_s", report.throughput.predicted}};
  json["rows"] = Json::array();
  for (const Row& row : RowsOf(report)) json["rows"].push_back(RowToJson(Columns(), row));
  json["losses"] = Json::array();
  for (const HostLoss& loss : report.losses) json["losses"].push_back(LossJson(loss));
  json["notes"] = report.notes;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace scission
