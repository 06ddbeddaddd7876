#include "report/sensitivity_text.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "report/plan_text.h"

namespace scission {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kBytesPerMegabit = 125'000;

/// How people write the parameter, and programs.
struct Unit {
  const char* name;
  const char* unit;
  double size;
  const char* member;  ///< of the value in JSON
};

Unit UnitOf(Parameter parameter) {
  static constexpr std::array kUnits = {
      Unit{"latency", " ms", 1e-3, "latency_ms"},
      Unit{"bandwidth", " Mbit/s", kBytesPerMegabit, "bandwidth_mbps"},
      Unit{"speed", "x", 1, "speed"}};
  return kUnits[static_cast<std::size_t>(parameter)];
}

std::string Place(const Sensitivity& sensitivity) {
  const std::string name = UnitOf(sensitivity.parameter).name;
  return sensitivity.to.empty()
             ? fmt::format("{} of {}", name, sensitivity.from)
             : fmt::format("{} of {} -> {}", name, sensitivity.from, sensitivity.to);
}

std::string Side(const Sensitivity& sensitivity, const char* word,
                 const std::optional<BreakPoint>& point) {
  if (!point) return "";
  const Unit unit = UnitOf(sensitivity.parameter);
  return fmt::format("    {} {:.4g}{}: {}\n", word, point->value / unit.size, unit.unit,
                     StagesText(point->plan));
}

Json PointJson(const Unit& unit, const std::optional<BreakPoint>& point) {
  if (!point) return {};
  return {{unit.member, point->value / unit.size}, {"stages", StagesText(point->plan)}};
}

}  // namespace

std::string SensitivityText(const std::vector<Sensitivity>& sensitivities) {
  if (sensitivities.empty()) return "";
  std::string text = "The best plan is another one with:\n";
  std::size_t without = 0;
  for (const Sensitivity& sensitivity : sensitivities) {
    if (!sensitivity.below && !sensitivity.above) {
      ++without;
      continue;
    }
    const Unit unit = UnitOf(sensitivity.parameter);
    text += fmt::format("  {} ({:.4g}{} now)\n", Place(sensitivity), sensitivity.value / unit.size,
                        unit.unit);
    text += Side(sensitivity, "below", sensitivity.below);
    text += Side(sensitivity, "above", sensitivity.above);
  }
  if (without == sensitivities.size()) {
    return "No link's latency or bandwidth and no host's speed would change the best plan.\n";
  }
  if (without > 0) text += "  Other links and speeds would not change it.\n";
  return text;
}

Json SensitivityJson(const std::vector<Sensitivity>& sensitivities) {
  Json array = Json::array();
  for (const Sensitivity& sensitivity : sensitivities) {
    const Unit unit = UnitOf(sensitivity.parameter);
    Json json = {{"parameter", unit.name}};
    json[sensitivity.to.empty() ? "host" : "from"] = sensitivity.from;
    if (!sensitivity.to.empty()) json["to"] = sensitivity.to;
    json[unit.member] = sensitivity.value / unit.size;
    json["below"] = PointJson(unit, sensitivity.below);
    json["above"] = PointJson(unit, sensitivity.above);
    array.push_back(std::move(json));
  }
  return array;
}

}  // namespace scission
