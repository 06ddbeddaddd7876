#include "cluster/stage_timing.h"

#include "base/text.h"

namespace scission {
namespace {

constexpr double kMaxNumber = 1e15;

struct TimeField {
  std::string_view key;
  Seconds StageTiming::*member;
};
constexpr TimeField kTimes[] = {
    {"queue_us", &StageTiming::queue},     {"unpack_us", &StageTiming::unpack},
    {"compute_us", &StageTiming::compute}, {"pack_us", &StageTiming::pack},
    {"next_us", &StageTiming::next},       {"total_us", &StageTiming::total},
};

struct SizeField {
  std::string_view key;
  Bytes StageTiming::*member;
};
constexpr SizeField kSizes[] = {
    {"in_bytes", &StageTiming::in},
    {"sent_bytes", &StageTiming::sent},
    {"reply_bytes", &StageTiming::reply},
};

std::optional<double> Amount(std::string_view text) {
  const auto number = ParseNumber(text);
  return number && *number >= 0 && *number <= kMaxNumber ? number : std::nullopt;
}

/// False where the value is not what the key has.
bool Assign(std::string_view key, std::string_view value, StageTiming& timing) {
  if (key == "host") timing.host = Printable(value);
  if (key == "stage") timing.stage = Printable(value);
  for (const TimeField& field : kTimes) {
    if (field.key != key) continue;
    const auto number = Amount(value);
    if (!number) return false;
    timing.*field.member = Seconds(*number / 1e6);
  }
  for (const SizeField& field : kSizes) {
    if (field.key != key) continue;
    const auto number = Amount(value);
    if (!number) return false;
    timing.*field.member = Bytes{*number};
  }
  return true;
}

}  // namespace

std::optional<StageTiming> ParseStageTiming(std::string_view text) {
  StageTiming timing;
  for (const std::string& word : Split(text, ' ')) {
    if (word.empty()) continue;
    const auto equals = word.find('=');
    if (equals == word.npos) return std::nullopt;
    const std::string_view view = word;
    if (!Assign(view.substr(0, equals), view.substr(equals + 1), timing)) return std::nullopt;
  }
  if (timing.host.empty() || timing.stage.empty()) return std::nullopt;
  return timing;
}

std::optional<std::vector<StageTiming>> InOrder(const std::vector<StageTiming>& timings,
                                                const std::vector<std::string>& stages) {
  if (timings.size() != stages.size()) return std::nullopt;
  std::vector<StageTiming> ordered;
  for (const std::string& stage : stages) {
    for (const StageTiming& timing : timings) {
      if (timing.stage == stage) ordered.push_back(timing);
    }
  }
  if (ordered.size() != stages.size()) return std::nullopt;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (ordered[i].stage != stages[i]) return std::nullopt;
  }
  return ordered;
}

}  // namespace scission
