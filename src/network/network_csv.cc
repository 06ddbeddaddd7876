#include "network/network_csv.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace scission {
namespace {

constexpr double kBytesPerSecondPerMbps = 1e6 / 8;
constexpr std::size_t kColumns = 4;
constexpr std::size_t kMaxFileBytes = 16u << 20;

struct Row {
  std::string place;  ///< FILE:LINE
  std::vector<std::string> cells;
};

/// The lines that say something, cut into cells.
std::vector<Row> ReadRows(const std::string& file, std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // Excel writes a byte order mark
  std::vector<Row> rows;
  int number = 0;
  for (const std::string& line : Split(text, '\n')) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    rows.push_back({fmt::format("{}:{}", file, number), Split(line, ',')});
    if (rows.back().cells.size() == kColumns) continue;
    throw InputError(rows.back().place,
                     fmt::format("has {} column(s); source,destination,ping(ms),bandwidth(mbps) "
                                 "are needed",
                                 rows.back().cells.size()));
  }
  return rows;
}

std::string HostName(const Row& row, std::size_t column) {
  if (row.cells[column].empty()) throw InputError(row.place, "a host's name is empty");
  if (row.cells[column].starts_with('"')) {
    throw InputError(row.place, "a host's name stands in quotes; they are not part of this format");
  }
  return row.cells[column];
}

double Number(const Row& row, std::size_t column, std::string_view what) {
  const auto number = ParseNumber(row.cells[column]);
  if (number) return *number;
  throw InputError(row.place, fmt::format("the {} '{}' is not a finite number", what,
                                          Printable(row.cells[column], 40)));
}

Link ReadLink(const Row& row) {
  const double ping_ms = Number(row, 2, "ping");
  if (ping_ms < 0) throw InputError(row.place, "the ping is negative");
  const double mbps = Number(row, 3, "bandwidth");
  const double bytes_per_second = std::nearbyint(mbps * kBytesPerSecondPerMbps);
  if (mbps <= 0) throw InputError(row.place, "the bandwidth must be above 0");
  if (bytes_per_second < 1) throw InputError(row.place, "the bandwidth is below 1 byte a second");
  if (std::isinf(bytes_per_second)) throw InputError(row.place, "the bandwidth is too large");
  return {Milliseconds(ping_ms), bytes_per_second};
}

}  // namespace

Network ReadNetwork(const std::filesystem::path& file, std::vector<std::string>& warnings) {
  Network network;
  network.file = file.string();
  const std::vector<Row> rows = ReadRows(network.file, ReadFile(file, kMaxFileBytes));
  if (rows.empty()) throw InputError(network.file, "is empty");
  if (ParseNumber(rows[0].cells[2])) {
    warnings.push_back(rows[0].place +
                       ": the first row is taken as the header, but looks like a "
                       "link");
  }
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string source = HostName(rows[i], 0);
    const std::string destination = HostName(rows[i], 1);
    const auto [link, is_new] =
        network.links.insert_or_assign({source, destination}, ReadLink(rows[i]));
    if (is_new) continue;
    warnings.push_back(fmt::format("{}: the link from {} to {} stands twice; this row counts",
                                   rows[i].place, source, destination));
  }
  return network;
}

}  // namespace scission
