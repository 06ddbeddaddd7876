#include "plan/metric.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

Metric ParseMetric(const std::string& option, std::string_view word) {
  std::vector<std::string> names;
  for (const Metric metric : kMetrics) {
    if (ToLower(std::string(word)) == NameOf(metric)) return metric;
    names.emplace_back(NameOf(metric));
  }
  const auto nearest = Nearest(std::string(word), names);
  throw InputError(option,
                   fmt::format("'{}' is none of {}{}", Printable(word, 40), Join(names, ", "),
                               nearest ? "; did you mean '" + *nearest + "'?" : ""));
}

Objective::Term ParseTerm(const std::string& option, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == text.npos) {
    throw InputError(
        option, fmt::format("'{}' has no weight, as in latency=1,energy=0.5", Printable(text, 60)));
  }
  const Metric metric = ParseMetric(option, Trim(std::string_view(text).substr(0, equals)));
  if (metric == Metric::kPeriod) throw InputError(option, "throughput cannot be part of a sum");
  const auto weight = ParseNumber(Trim(std::string_view(text).substr(equals + 1)));
  if (!weight || !(*weight > 0 && *weight <= 1e12)) {
    throw InputError(
        option, fmt::format("the weight in '{}' is not a number above 0", Printable(text, 60)));
  }
  return {metric, *weight};
}

}  // namespace

const char* NameOf(Metric metric) {
  static constexpr std::array kNames = {"latency", "throughput", "bytes", "energy", "cost"};
  return kNames[static_cast<std::size_t>(metric)];
}

double WeightUnit(Metric metric) { return metric == Metric::kBytes ? 1e-6 : 1; }

double ValueOf(const Totals& totals, Metric metric) {
  switch (metric) {
    case Metric::kLatency:
      return totals.latency.count();
    case Metric::kPeriod:
      return totals.period.count();
    case Metric::kBytes:
      return totals.sent.count;
    case Metric::kEnergy:
      return totals.joules;
    case Metric::kCost:
      return totals.price;
  }
  return 0;
}

std::string MetricText(Metric metric, double value, const std::string& currency) {
  switch (metric) {
    case Metric::kLatency:
      return fmt::format("{:.4f} s", value);
    case Metric::kPeriod:
      return value > 0 ? fmt::format("{:.2f} /s", 1 / value) : "unlimited";
    case Metric::kBytes:
      return fmt::format("{:.4f} MB", value / 1e6);
    case Metric::kEnergy:
      return fmt::format("{:.4g} J", value);
    case Metric::kCost:
      return fmt::format("{:.4g}{}{}", value, currency.empty() ? "" : " ", currency);
  }
  return "";
}

double Objective::ValueOf(const Totals& totals) const {
  if (single()) return scission::ValueOf(totals, *single());
  double sum = 0;
  for (const auto& [metric, weight] : terms) {
    sum += scission::ValueOf(totals, metric) * weight * WeightUnit(metric);
  }
  return sum;
}

std::string Objective::text() const {
  if (single()) return NameOf(*single());
  std::vector<std::string> texts;
  for (const auto& [metric, weight] : terms) {
    texts.push_back(fmt::format("{}={}", NameOf(metric), weight));
  }
  return Join(texts, ",");
}

Objective ParseObjective(const std::string& option, std::string_view text) {
  if (text.find_first_of("=,") == text.npos) return {{{ParseMetric(option, Trim(text)), 1}}};
  Objective objective;
  objective.terms.clear();
  for (const std::string& part : Split(text, ',')) {
    const Objective::Term term = ParseTerm(option, part);
    for (const Objective::Term& other : objective.terms) {
      if (other.metric == term.metric) {
        throw InputError(option, fmt::format("names {} twice", NameOf(term.metric)));
      }
    }
    objective.terms.push_back(term);
  }
  return objective;
}

std::vector<Metric> ParseMetrics(const std::string& option, std::string_view text) {
  std::vector<Metric> metrics;
  for (const std::string& word : Split(text, ',')) {
    const Metric metric = ParseMetric(option, word);
    if (std::find(metrics.begin(), metrics.end(), metric) != metrics.end()) {
      throw InputError(option, fmt::format("names {} twice", NameOf(metric)));
    }
    metrics.push_back(metric);
  }
  if (metrics.size() < 2)
    throw InputError(option, "needs two metrics or more, as in latency,energy");
  return metrics;
}

}  // namespace scission
