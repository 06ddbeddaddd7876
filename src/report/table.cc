#include "report/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace scission {
namespace {

using Json = nlohmann::ordered_json;

std::string Quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string CsvCell(const Json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? Quoted(value.get<std::string>()) : value.dump();
}

std::string WithThousands(std::string digits) {
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  for (std::size_t i = digits.size(); i > 3 + sign; i -= 3) digits.insert(i - 3, 1, ' ');
  return digits;
}

std::string TextCell(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return Printable(value.get<std::string>(), 60);
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "";
  if (value.is_number_float()) {
    return value.get<double>() == std::floor(value.get<double>())
               ? WithThousands(fmt::format("{:.0f}", value.get<double>()))
               : fmt::format("{:.2f}", value.get<double>());
  }
  return WithThousands(value.dump());
}

/// Characters, not bytes, of UTF-8 text.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string CellsToCsv(const Cells& cells) {
  std::string csv;
  for (const auto& row : cells) {
    std::vector<std::string> line;
    for (const Json& cell : row) line.push_back(CsvCell(cell));
    csv += Join(line, ",") + "\n";
  }
  return csv;
}

std::string CellsToText(const Cells& cells) {
  std::vector<std::size_t> widths(cells.at(0).size(), 0);
  std::vector<bool> is_number(widths.size(), false);
  for (const auto& row : cells) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], Width(TextCell(row[i])));
      is_number[i] = is_number[i] || row[i].is_number();
    }
  }
  std::string text;
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = TextCell(row[i]);
      const std::string padding(widths[i] - Width(cell), ' ');
      line += (i > 0 ? "  " : "") + (is_number[i] ? padding + cell : cell + padding);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace scission
