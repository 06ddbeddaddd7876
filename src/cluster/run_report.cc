#include "cluster/run_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/statistics.h"

namespace scission {
namespace {

constexpr double kNoise = 0.03;
/// How far stages may be from what was predicted before it is worth a word.
constexpr double kChanged = 0.05;

/// A stage and what lies behind it, without what its boundary costs.
Seconds InnerTime(const std::vector<StageTiming>& timings, std::size_t stage) {
  const StageTiming& timing = timings[stage];
  const bool is_last = stage + 1 == timings.size();
  return timing.compute + timing.queue + (is_last ? Seconds(0) : timing.pack + timing.next);
}

/// The parts of all requests, turned round: what `part` picks of each.
template <typename Part>
Spread SpreadOver(const std::vector<RequestParts>& requests, Part part) {
  std::vector<Seconds> times;
  for (const RequestParts& request : requests) times.push_back(part(request));
  return SpreadOf(times);
}

/// The request that is nearest to the median of all, as the caller sees them.
const RequestRecord& Typical(const std::vector<RequestRecord>& records, Seconds median) {
  const auto distance = [&](const RequestRecord& record) {
    if (record.timings.empty()) return 1e300;
    return std::abs((record.wall - median).count());
  };
  return *std::min_element(
      records.begin(), records.end(),
      [&](const RequestRecord& a, const RequestRecord& b) { return distance(a) < distance(b); });
}

void AddStages(const Plan& plan, const Pipeline& pipeline, const std::vector<RequestParts>& parts,
               RunReport& report) {
  for (std::size_t i = 0; i < pipeline.stages.size(); ++i) {
    StageReport stage;
    stage.stage = pipeline.stages[i];
    if (stage.stage.planned) {
      stage.predicted = plan.stages[*stage.stage.planned].compute;
      stage.startup = plan.stages[*stage.stage.planned].startup;
    }
    stage.compute = SpreadOver(parts, [i](const RequestParts& of) { return of.compute[i]; });
    stage.queue = SpreadOver(parts, [i](const RequestParts& of) { return of.queue[i]; });
    report.stages.push_back(std::move(stage));
  }
}

void AddHops(const Plan& plan, const Pipeline& pipeline, const std::vector<Codec>& codecs,
             const std::vector<RequestParts>& parts, RunReport& report) {
  for (std::size_t i = 0; i < pipeline.hop_count(); ++i) {
    const Hop& planned = plan.hops[i];
    HopReport hop;
    hop.from = planned.from;
    hop.to = planned.to;
    hop.codec = codecs[i];
    hop.predicted = planned.time;
    hop.planned = planned.bytes;
    if (planned.reply > Bytes()) hop.planned_reply = planned.reply;
    hop.time = SpreadOver(parts, [i](const RequestParts& of) { return of.hops[i]; });
    hop.sent = report.typical[i].sent;
    hop.reply = report.typical[i].replied;
    report.hops.push_back(std::move(hop));
  }
}

std::optional<Seconds> MedianAlone(const std::vector<RequestRecord>& requests, std::size_t stage) {
  std::vector<Seconds> times;
  for (const RequestRecord& request : requests) {
    if (request.timings.empty() || !request.timings[stage].alone) continue;
    times.push_back(*request.timings[stage].alone);
  }
  if (times.empty()) return std::nullopt;
  return MedianTime(times);
}

void AddChecks(const std::vector<RequestRecord>& records, RunReport& report) {
  for (const RequestRecord& record : records) {
    report.deviation = std::max(report.deviation, record.deviation);
    if (!record.wrong) continue;
    if (report.wrong++ == 0) report.first_difference = *record.wrong;
  }
}

}  // namespace

std::vector<StageTiming> InOrder(const std::vector<StageTiming>& timings,
                                 const std::vector<std::string>& stages) {
  std::vector<StageTiming> ordered;
  for (const std::string& stage : stages) {
    for (const StageTiming& timing : timings) {
      if (timing.stage == stage) ordered.push_back(timing);
    }
  }
  const auto is_of = [](const StageTiming& timing, const std::string& stage) {
    return timing.stage == stage;
  };
  const bool is_complete =
      timings.size() == stages.size() &&
      std::equal(ordered.begin(), ordered.end(), stages.begin(), stages.end(), is_of);
  return is_complete ? ordered : std::vector<StageTiming>();
}

RequestParts PartsOf(const std::vector<StageTiming>& timings, Seconds total) {
  RequestParts parts;
  for (std::size_t i = 0; i < timings.size(); ++i) {
    parts.compute.push_back(timings[i].compute);
    parts.queue.push_back(timings[i].queue);
    if (i + 1 == timings.size()) break;
    parts.hops.push_back(timings[i].pack + timings[i].next - InnerTime(timings, i + 1));
  }
  parts.total = total;
  parts.entry = parts.total - InnerTime(timings, 0);
  return parts;
}

Spread SpreadOf(const std::vector<Seconds>& times) {
  std::vector<double> seconds;
  for (const Seconds time : times) seconds.push_back(time.count());
  return {Seconds(Median(seconds)), Seconds(Quantile(seconds, 0.9)),
          Seconds(Quantile(seconds, 0.99))};
}

RunReport Summarize(const Plan& plan, const Pipeline& pipeline, const std::vector<Codec>& codecs,
                    const std::vector<RequestRecord>& records, bool is_caller_at_source) {
  RunReport report;
  report.is_from_caller = is_caller_at_source && plan.entry.count() > 0;
  if (report.is_from_caller) report.predicted_entry = plan.entry;
  report.predicted = plan.latency - (report.is_from_caller ? Seconds(0) : plan.entry);
  std::vector<RequestParts> parts;
  std::vector<Seconds> walls;
  for (const RequestRecord& record : records) {
    walls.push_back(record.wall);
    if (record.timings.empty()) continue;
    parts.push_back(PartsOf(record.timings,
                            report.is_from_caller ? record.wall : record.timings.front().total));
  }
  report.wall = SpreadOf(walls);
  report.total = SpreadOver(parts, [](const RequestParts& of) { return of.total; });
  report.entry = SpreadOver(parts, [](const RequestParts& of) { return of.entry; });
  report.typical = Typical(records, report.wall.median).timings;
  AddStages(plan, pipeline, parts, report);
  AddHops(plan, pipeline, codecs, parts, report);
  AddChecks(records, report);
  return report;
}

void AddAlone(const std::vector<RequestRecord>& requests, RunReport& report) {
  Seconds predicted{0};
  Seconds alone{0};
  for (std::size_t i = 0; i < report.stages.size(); ++i) {
    StageReport& stage = report.stages[i];
    stage.alone = MedianAlone(requests, i);
    if (!stage.predicted) continue;
    if (!stage.alone) return;  // there is nothing to add up
    predicted += *stage.predicted - stage.startup;
    alone += *stage.alone;
  }
  report.predicted_now = report.predicted - predicted + alone;
  if (std::abs((alone - predicted).count()) <= kChanged * predicted.count()) return;
  report.notes.push_back(fmt::format(
      "alone, the stages take {:.2f} ms now and not {:.2f}: the machines' pace has changed "
      "since they were measured, or the prediction is wrong (validate tells)",
      ToMilliseconds(alone), ToMilliseconds(predicted)));
}

std::vector<Codec> FastestCodecs(const std::vector<Codec>& codecs,
                                 const std::vector<std::vector<Seconds>>& times) {
  std::vector<Codec> fastest;
  for (std::size_t hop = 0; hop < times.front().size(); ++hop) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < codecs.size(); ++i) {
      if (times[i][hop] < times[best][hop] * (1 - kNoise)) best = i;
    }
    fastest.push_back(codecs[best]);
  }
  return fastest;
}

}  // namespace scission
