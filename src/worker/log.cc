#include "worker/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <ctime>

#include "base/text.h"

namespace scission {
namespace {

constexpr std::size_t kMaxValue = 2000;

std::string Now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  const auto seconds = static_cast<std::time_t>(milliseconds / 1000);
  struct tm parts {};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
  return fmt::format("{}.{:03}Z", text, milliseconds % 1000);
}

}  // namespace

LogField::LogField(std::string_view field_name, double number)
    : name(field_name), value(fmt::format("{:.6g}", number)) {}

std::string LogValue(std::string_view text) {
  std::string plain = Printable(text, kMaxValue);
  if (!plain.empty() && plain.find_first_of(" =\"\\") == std::string::npos) return plain;
  std::string quoted = "\"";
  for (const char c : plain) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

Log::Log(std::string host, int descriptor) : host_(std::move(host)), descriptor_(descriptor) {}

void Log::Info(std::string_view event, std::initializer_list<LogField> fields) const {
  Write("info", event, fields);
}

void Log::Warning(std::string_view event, std::initializer_list<LogField> fields) const {
  Write("warning", event, fields);
}

void Log::Write(std::string_view level, std::string_view event,
                std::initializer_list<LogField> fields) const {
  std::string line =
      fmt::format("ts={} level={} event={} host={}", Now(), level, event, LogValue(host_));
  for (const LogField& field : fields) {
    line += fmt::format(" {}={}", field.name, LogValue(field.value));
  }
  line += '\n';
  [[maybe_unused]] const ssize_t written = ::write(descriptor_, line.data(), line.size());
}

}  // namespace scission
