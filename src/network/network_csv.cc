#include "network/network_csv.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace scission {
namespace {

constexpr std::size_t kColumns = 4;
constexpr const char* kHeader = "source,destination,ping(ms),bandwidth(mbps)";
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
    throw InputError(rows.back().place, fmt::format("has {} column(s); {} are needed",
                                                    rows.back().cells.size(), kHeader));
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

/// With six decimals at most: nanoseconds, bits per second.
std::string Decimal(double number) {
  std::string text = fmt::format("{:.6f}", number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string RowText(const std::string& source, const std::string& destination, const Link& link) {
  return fmt::format("{},{},{},{}", source, destination, Decimal(ToMilliseconds(link.latency)),
                     Decimal(link.bytes_per_second / kBytesPerSecondPerMbps));
}

/// The lines of a file that ReadNetwork takes, with the row in place of those of the same pair.
std::vector<std::string> WithRow(const std::vector<std::string>& lines, const std::string& source,
                                 const std::string& destination, const std::string& row) {
  std::vector<std::string> result;
  bool is_behind_header = false;
  bool is_placed = false;
  for (const std::string& line : lines) {
    const bool is_row = is_behind_header && !line.empty() && !line.starts_with('#');
    is_behind_header = is_behind_header || (!line.empty() && !line.starts_with('#'));
    const auto cells = Split(line, ',');
    if (!is_row || cells[0] != source || cells[1] != destination) {
      result.push_back(line);
    } else if (!is_placed) {
      result.push_back(row);
      is_placed = true;
    }
  }
  if (!is_placed) result.push_back(row);
  return result;
}

/// As ReadRows sees them, without the empty one behind the last line feed.
std::vector<std::string> LinesOf(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.ends_with('\n')) text.remove_suffix(1);
  return Split(text, '\n');
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

void RequireNetworkName(const std::string& place, const std::string& host) {
  const bool is_good = !host.empty() && Trim(host) == host && !host.starts_with('#') &&
                       !host.starts_with('"') && host.find_first_of(",\r\n") == host.npos;
  if (is_good) return;
  throw InputError(place, fmt::format("the host's name '{}' cannot stand in a network file, a CSV "
                                      "file without quotes",
                                      Printable(host, 60)));
}

void WriteLink(const std::filesystem::path& file, const std::string& source,
               const std::string& destination, const Link& link) {
  std::vector<std::string> lines = {kHeader};
  if (std::filesystem::exists(file)) {
    std::vector<std::string> warnings;
    ReadNetwork(file, warnings);
    lines = LinesOf(ReadFile(file, kMaxFileBytes));
  }
  lines = WithRow(lines, source, destination, RowText(source, destination, link));
  WriteFileAtomically(file, Join(lines, "\n") + "\n");
}

}  // namespace scission
