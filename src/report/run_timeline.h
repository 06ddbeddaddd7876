// The picture of one request: what each host and each link did, and when.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cluster/run_report.h"

namespace scission {

enum class SpanKind { kWait, kPrepare, kCompute, kSend, kReply };

/// Something that happened from `begin` to `end`, since the request was at the first stage.
struct Span {
  SpanKind kind = SpanKind::kWait;
  std::string lane;  ///< a host, or "a - b": the link between two
  Seconds begin{0};
  Seconds end{0};
  std::string label;  ///< may be empty
};

/// The request with the median time, in the order of its beginning. Clocks of hosts are not
/// compared: a hop is known as the time from calling the next stage to its answer less what that
/// one took, and divided between the way there and back by the bytes that went there and back.
std::vector<Span> SpansOf(const RunReport& report);

/// The lanes from top to bottom: hosts and links as data pass them, each once.
std::vector<std::string> LanesOf(const RunReport& report);

/// The gnuplot commands of the picture.
std::string TimelineScript(const RunReport& report);

/// Writes `path`.png and `path`.svg. Throws InputError as DrawPictures does; nothing is drawn, and
/// false returned, where no request has told its times.
bool PlotTimeline(const RunReport& report, const std::filesystem::path& path);

}  // namespace scission
