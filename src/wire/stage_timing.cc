#include "wire/stage_timing.h"

#include <fmt/format.h>
#include <grpcpp/client_context.h>

#include <array>
#include <map>

#include "base/text.h"

namespace scission {
namespace {

constexpr double kMicroseconds = 1e6;
constexpr std::size_t kMaxHeaderText = 200;

struct TimeField {
  const char* name;
  Seconds StageTiming::*value;
};
constexpr std::array kTimes = {
    TimeField{"queue_us", &StageTiming::queue},     TimeField{"unpack_us", &StageTiming::unpack},
    TimeField{"compute_us", &StageTiming::compute}, TimeField{"pack_us", &StageTiming::pack},
    TimeField{"next_us", &StageTiming::next},       TimeField{"total_us", &StageTiming::total},
};

struct SizeField {
  const char* name;
  Bytes StageTiming::*value;
};
constexpr std::array kSizes = {
    SizeField{"in_bytes", &StageTiming::received},
    SizeField{"sent_bytes", &StageTiming::sent},
    SizeField{"reply_bytes", &StageTiming::replied},
};

bool IsPlain(char c) { return c > ' ' && c < 0x7F && c != '=' && c != '%'; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::map<std::string, std::string> Fields(std::string_view text) {
  std::map<std::string, std::string> fields;
  for (const std::string& part : Split(text, ' ')) {
    const auto equals = part.find('=');
    if (equals != std::string::npos) fields[part.substr(0, equals)] = part.substr(equals + 1);
  }
  return fields;
}

}  // namespace

std::string ToHeader(std::string_view text) {
  std::string encoded;
  for (const char c : text.substr(0, kMaxHeaderText)) {
    encoded += IsPlain(c)
                   ? std::string(1, c)
                   : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return encoded;
}

std::optional<std::string> FromHeader(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string ToText(const StageTiming& timing) {
  std::string text = fmt::format("host={} stage={}", ToHeader(timing.host), ToHeader(timing.stage));
  for (const TimeField& field : kTimes) {
    text += fmt::format(" {}={:.1f}", field.name, (timing.*field.value).count() * kMicroseconds);
  }
  if (timing.alone) text += fmt::format(" alone_us={:.1f}", timing.alone->count() * kMicroseconds);
  for (const SizeField& field : kSizes) {
    text += fmt::format(" {}={:.0f}", field.name, (timing.*field.value).count);
  }
  return text;
}

std::optional<StageTiming> ParseStageTiming(std::string_view text) {
  auto fields = Fields(text);
  StageTiming timing;
  const auto host = FromHeader(fields["host"]);
  const auto stage = FromHeader(fields["stage"]);
  if (!host || !stage || host->empty() || stage->empty()) return std::nullopt;
  timing.host = *host;
  timing.stage = *stage;
  for (const TimeField& field : kTimes) {
    const auto value = ParseNumber(fields[field.name]);
    if (!value || *value < 0) return std::nullopt;
    timing.*field.value = Seconds(*value / kMicroseconds);
  }
  if (const auto alone = ParseNumber(fields["alone_us"]); alone && *alone >= 0) {
    timing.alone = Seconds(*alone / kMicroseconds);
  }
  for (const SizeField& field : kSizes) {
    const auto value = ParseNumber(fields[field.name]);
    if (!value || *value < 0) return std::nullopt;
    timing.*field.value = Bytes{*value};
  }
  return timing;
}

std::vector<StageTiming> TimingsIn(const grpc::ClientContext& context) {
  std::vector<StageTiming> timings;
  const auto [begin, end] = context.GetServerTrailingMetadata().equal_range(kTimingKey);
  for (auto entry = begin; entry != end; ++entry) {
    const auto timing = ParseStageTiming({entry->second.data(), entry->second.size()});
    if (timing) timings.push_back(*timing);
  }
  return timings;
}

std::optional<std::string> FailedHostIn(const grpc::ClientContext& context) {
  const auto& trailing = context.GetServerTrailingMetadata();
  const auto failed = trailing.find(kFailedHostKey);
  if (failed == trailing.end()) return std::nullopt;
  return FromHeader({failed->second.data(), failed->second.size()});
}

}  // namespace scission
