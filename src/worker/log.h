// What a worker tells of itself: a line for each event, in logfmt.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace scission {

/// A word or number of a log line.
struct LogField {
  LogField(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}
  LogField(std::string_view field_name, const char* text) : name(field_name), value(text) {}
  LogField(std::string_view field_name, const std::string& text) : name(field_name), value(text) {}
  LogField(std::string_view field_name, bool is) : name(field_name), value(is ? "true" : "false") {}
  template <std::integral Number>
  LogField(std::string_view field_name, Number number)
      : name(field_name), value(std::to_string(number)) {}
  LogField(std::string_view field_name, double number);  ///< six digits

  std::string_view name;  ///< of letters and '_', a literal
  std::string value;
};

/// Any thread may write; each line goes out in one piece. Never throws: a log that cannot be
/// written is lost.
class Log {
 public:
  /// `host` stands in every line. Writes to `descriptor`, which stays open.
  explicit Log(std::string host, int descriptor = 2);

  /// `ts=2026-01-31T12:00:00.123Z level=info event=load host=edge1 stage=a.1 load_ms=12.3`
  void Info(std::string_view event, std::initializer_list<LogField> fields = {}) const;
  void Warning(std::string_view event, std::initializer_list<LogField> fields = {}) const;

 private:
  void Write(std::string_view level, std::string_view event,
             std::initializer_list<LogField> fields) const;

  std::string host_;
  int descriptor_;
};

/// As it stands behind '=': in quotes where it is empty or has blanks, quotes or '='; without
/// control characters and invalid UTF-8, and of at most 2000 bytes.
std::string LogValue(std::string_view text);

}  // namespace scission
