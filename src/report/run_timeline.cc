#include "report/run_timeline.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/block_chart.h"
#include "report/colors.h"
#include "report/gnuplot.h"

namespace scission {
namespace {

constexpr int kWidth = 1100;
constexpr int kLaneHeight = 48;
constexpr int kFrameHeight = 190;
constexpr double kHalfBar = 0.32;
/// A bar so short, as a part of the whole width, has no room for words.
constexpr double kRoomForWords = 0.09;
/// What a message costs besides its contents, for dividing a hop between its two ways.
constexpr double kHeaderBytes = 300;

struct KindStyle {
  SpanKind kind;
  const char* color;
  const char* title;
};
constexpr KindStyle kStyles[] = {
    {SpanKind::kWait, "#dddddd", "waiting"},
    {SpanKind::kPrepare, kHostColors[3], "unpacking, packing"},
    {SpanKind::kCompute, kHostColors[2], "computing"},
    {SpanKind::kSend, kHostColors[0], "sending"},
    {SpanKind::kReply, kHostColors[4], "answering"},
};

std::string LinkLane(const std::string& a, const std::string& b) {
  return a < b ? a + " - " + b : b + " - " + a;
}

/// Adds the spans of stage `index` and all behind it. `begin`: when its request was there.
void AddStage(const RunReport& report, std::size_t index, Seconds begin, std::vector<Span>& spans) {
  const StageTiming& timing = report.typical[index];
  const PipelineStage& stage = report.stages[index].stage;
  Seconds now = begin;
  const auto add = [&](SpanKind kind, Seconds length, const std::string& label = "") {
    if (length.count() > 0) spans.push_back({kind, stage.host, now, now + length, label});
    now += length;
  };
  add(SpanKind::kWait, timing.queue);
  add(SpanKind::kPrepare, timing.unpack);
  add(SpanKind::kCompute, timing.compute,
      fmt::format("{} - {}, {:.3g} ms", stage.layers.first, stage.layers.last,
                  ToMilliseconds(timing.compute)));
  add(SpanKind::kPrepare, timing.pack);
  if (index + 1 == report.typical.size()) return;
  const HopReport& hop = report.hops[index];
  const Seconds both = std::max(timing.next - report.typical[index + 1].total, Seconds(0));
  const double there =
      (hop.sent.count + kHeaderBytes) / (hop.sent.count + hop.reply.count + 2 * kHeaderBytes);
  const Seconds arrival = now + both * there;
  const Seconds answer = arrival + report.typical[index + 1].total;
  const std::string lane = LinkLane(hop.from, hop.to);
  spans.push_back(
      {SpanKind::kSend, lane, now, arrival,
       fmt::format("{:.3g} MB, {:.3g} ms", ToMegabytes(hop.sent), ToMilliseconds(both * there))});
  AddStage(report, index + 1, arrival, spans);
  spans.push_back({SpanKind::kReply, lane, answer, now + timing.next, ""});
}

/// A box for gnuplot's boxxyerror: middle and half width, middle and half height.
std::string Boxes(const std::vector<Span>& spans, const std::vector<std::string>& lanes,
                  SpanKind kind) {
  std::string boxes;
  for (const Span& span : spans) {
    if (span.kind != kind) continue;
    const auto lane = std::find(lanes.begin(), lanes.end(), span.lane) - lanes.begin();
    boxes += fmt::format("{} {} {} {} {} {}\n", ToMilliseconds(span.begin), -lane,
                         ToMilliseconds(span.begin), ToMilliseconds(span.end), -lane - kHalfBar,
                         -lane + kHalfBar);
  }
  return boxes;
}

std::string Labels(const std::vector<Span>& spans, const std::vector<std::string>& lanes,
                   Seconds total) {
  std::string script;
  for (const Span& span : spans) {
    const auto lane = std::find(lanes.begin(), lanes.end(), span.lane) - lanes.begin();
    if (span.label.empty()) continue;
    const bool has_room = (span.end - span.begin) >
                          total * kRoomForWords * (static_cast<double>(span.label.size()) / 12);
    const bool is_dark = span.kind == SpanKind::kCompute;
    const Seconds middle = (span.begin + span.end) / 2;
    script += fmt::format("set label {} at {},{} {} front font ',9' textcolor rgb '{}'\n",
                          GnuplotString(span.label),
                          ToMilliseconds(has_room ? middle : span.end + total * 0.004),
                          static_cast<double>(-lane) + (has_room ? 0 : kHalfBar + 0.1),
                          has_room ? "center" : (middle > total * 0.7 ? "right" : "left"),
                          has_room && is_dark ? "white" : "black");
  }
  return script;
}

std::string LaneTics(const std::vector<std::string>& lanes) {
  std::vector<std::string> tics;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    tics.push_back(fmt::format("{} -{}", GnuplotString(Printable(lanes[i], 40)), i));
  }
  return fmt::format("set ytics ({}) nomirror scale 0\n", Join(tics, ", "));
}

}  // namespace

std::vector<Span> SpansOf(const RunReport& report) {
  std::vector<Span> spans;
  if (report.typical.empty() || report.stages.size() != report.typical.size()) return spans;
  const StageTiming& first = report.typical.front();
  // What the first stage's other times leave of its total is from before it waited.
  const Seconds rest =
      first.total - first.queue - first.unpack - first.compute - first.pack - first.next;
  AddStage(report, 0, std::max(rest, Seconds(0)), spans);
  std::stable_sort(spans.begin(), spans.end(),
                   [](const Span& a, const Span& b) { return a.begin < b.begin; });
  return spans;
}

std::vector<std::string> LanesOf(const RunReport& report) {
  std::vector<std::string> lanes;
  const auto add = [&](const std::string& lane) {
    if (std::find(lanes.begin(), lanes.end(), lane) == lanes.end()) lanes.push_back(lane);
  };
  for (std::size_t i = 0; i < report.stages.size(); ++i) {
    add(report.stages[i].stage.host);
    if (i < report.hops.size()) add(LinkLane(report.hops[i].from, report.hops[i].to));
  }
  return lanes;
}

std::string TimelineScript(const RunReport& report) {
  const std::vector<Span> spans = SpansOf(report);
  const std::vector<std::string> lanes = LanesOf(report);
  const Seconds total = report.typical.front().total;
  // Of the same: the way from the caller to the first stage is not in the picture.
  const Seconds planned = report.predicted - report.predicted_entry.value_or(Seconds(0));
  std::string data;
  std::string plot;
  for (const KindStyle& style : kStyles) {
    const std::string boxes = Boxes(spans, lanes, style.kind);
    if (boxes.empty()) continue;
    const auto name = fmt::format("$kind{}", static_cast<int>(style.kind));
    data += fmt::format("{} << EOD\n{}EOD\n", name, boxes);
    plot += fmt::format(
        "{}{} using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 border rgb '#666666' "
        "linecolor rgb '{}' title '{}'",
        plot.empty() ? "plot " : ", ", name, style.color, style.title);
  }
  return ChartTitle(fmt::format("{}: the request with the median time, {:.3g} ms (planned {:.3g})",
                                report.model, ToMilliseconds(total), ToMilliseconds(planned))) +
         LaneTics(lanes) + Labels(spans, lanes, total) + data +
         fmt::format(
             "set border 1\nset tmargin 4\nset bmargin 6\nset xlabel 'Time (ms)'\nset xtics "
             "nomirror out\n"
             "set grid xtics linecolor rgb '#dddddd' linetype 1\n"
             "set key outside below center horizontal reverse Left samplen 1.5\n"
             "set xrange [0:{}]\nset yrange [{}:0.7]\n{}\n",
             ToMilliseconds(total) * 1.01, -static_cast<double>(lanes.size()) + 0.4, plot);
}

bool PlotTimeline(const RunReport& report, const std::filesystem::path& path) {
  if (SpansOf(report).empty()) return false;
  const int lanes = static_cast<int>(LanesOf(report).size());
  DrawPictures(TimelineScript(report), {kWidth, kFrameHeight + kLaneHeight * lanes}, path);
  return true;
}

}  // namespace scission
