#include "report/prediction_lines.h"

#include <fmt/format.h>

#include "report/plan_text.h"

namespace scission {
namespace {

std::vector<Metric> MetricsOf(const Objective& objective) {
  std::vector<Metric> metrics;
  for (const Objective::Term& term : objective.terms) metrics.push_back(term.metric);
  return metrics;
}

/// What is known where the time was up.
std::string BoundLine(const Prediction& prediction) {
  const Objective& objective = prediction.objective;
  const double value = objective.ValueOf(prediction.plans.front());
  const double bound = *prediction.bound;
  const std::string text = objective.single()
                               ? MetricText(*objective.single(), bound, prediction.currency)
                               : fmt::format("{:.4g}", bound);
  const std::string gap =
      value > 0 ? fmt::format(" (a gap of {:.1f} %)", 100 * (value - bound) / value) : "";
  return fmt::format("Not proven: the time limit was reached. No plan is better than {}{}.\n", text,
                     gap);
}

}  // namespace

std::string PredictionLines(const Prediction& prediction) {
  const auto metrics =
      prediction.front.empty() ? MetricsOf(prediction.objective) : prediction.front;
  std::string lines = PlanLines(prediction.plans, metrics, prediction.currency);
  if (prediction.bound) lines += BoundLine(prediction);
  if (!prediction.is_front_complete) {
    lines += "Not complete: the time limit was reached, or there are too many plans.\n";
  }
  return lines;
}

}  // namespace scission
