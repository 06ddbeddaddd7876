#include "report/plan_explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "plan/uncertainty.h"
#include "report/plan_text.h"

namespace scission {
namespace {

/// A line of the table: what happens, how long it takes, and where the figure comes from.
struct Step {
  std::string what;
  Seconds time{0};
  std::string remark;
};

Step HopStep(const Plan& plan, const Hop& hop) {
  const bool sends_input = plan.source != plan.stages.front().host;
  const bool sends_output = plan.hops.size() > plan.stages.size() - (sends_input ? 0 : 1);
  std::string remark = fmt::format("{:.4f} MB", ToMegabytes(hop.bytes));
  if (!hop.codec.empty()) remark += ", packed by " + hop.codec;
  if (sends_input && &hop == &plan.hops.front()) remark += ", the input";
  if (sends_output && &hop == &plan.hops.back()) remark += ", the output";
  if (hop.reply > Bytes()) remark += fmt::format(", and {:.4f} MB back", ToMegabytes(hop.reply));
  return {fmt::format("{} -> {}", hop.from, hop.to), hop.time, remark};
}

/// "+- 1.2 %"
std::string ErrorText(Seconds deviation, Seconds time) {
  return fmt::format("+- {:.1f} %", time.count() > 0 ? 100 * (deviation / time) : 0);
}

/// "fitted to other ranges, +- 1.2 %"
std::string OriginText(const Stage& stage) {
  std::string text = TextOf(stage.origin);
  if (!stage.deviation) return text;
  return text + ", " + ErrorText(*stage.deviation, stage.compute);
}

Step StageStep(const Stage& stage) { return {StageText(stage), stage.compute, OriginText(stage)}; }

std::vector<Step> Steps(const Plan& plan) {
  std::vector<Step> steps;
  if (plan.entry.count() > 0) {
    steps.push_back(
        {plan.source + " takes the input", plan.entry, "as a program there hands it over"});
  }
  auto hop = plan.hops.begin();
  for (const Stage& stage : plan.stages) {
    const bool is_hop = &stage != &plan.stages.front() || plan.source != stage.host;
    if (is_hop && hop != plan.hops.end()) steps.push_back(HopStep(plan, *hop++));
    steps.push_back(StageStep(stage));
  }
  if (hop != plan.hops.end()) steps.push_back(HopStep(plan, *hop));
  return steps;
}

std::string Table(const std::vector<Step>& steps) {
  std::size_t width = 0;
  for (const Step& step : steps) width = std::max(width, step.what.size());
  std::string text;
  for (const Step& step : steps) {
    text += fmt::format("  {:<{}}  {:>10.4f} s  {}\n", step.what, width, step.time.count(),
                        step.remark);
  }
  return text;
}

/// Hosts whose pace varied so much that a run may well take another time than the plan.
std::string PaceLine(const Plan& plan) {
  constexpr double kWorthAWord = 0.03;
  std::vector<std::string> hosts;
  for (const Stage& stage : plan.stages) {
    if (stage.pace_deviation.value_or(0) < kWorthAWord) continue;
    hosts.push_back(fmt::format("{} +- {:.0f} %", stage.host, 100 * *stage.pace_deviation));
  }
  if (hosts.empty()) return "";
  return fmt::format("Pace while it was measured: {}; a run may differ as much\n",
                     Join(hosts, ", "));
}

/// "0.0176 s more, 6.3 %", by the objective.
std::string Margin(const Prediction& prediction, const Plan& other) {
  const Objective& objective = prediction.objective;
  const double least = objective.ValueOf(prediction.plans.front());
  const double value = objective.ValueOf(other);
  if (objective.single() == Metric::kPeriod) {
    return value > 0 ? fmt::format("{:.1f} % less", 100 * (1 - least / value)) : "the same";
  }
  const std::string percent =
      least > 0 ? fmt::format(", {:.1f} %", 100 * (value - least) / least) : "";
  const std::string difference =
      objective.single() ? MetricText(*objective.single(), value - least, prediction.currency)
                         : fmt::format("{:.4g}", value - least);
  return fmt::format("{} more{}", difference, percent);
}

std::string ValueText(const Prediction& prediction, const Plan& plan) {
  const double value = prediction.objective.ValueOf(plan);
  const auto metric = prediction.objective.single();
  return metric ? MetricText(*metric, value, prediction.currency) : fmt::format("{:.4g}", value);
}

std::string UnsplitLine(const Prediction& prediction) {
  if (prediction.plans.front().stages.size() == 1) return "The best plan needs no split.\n";
  if (!prediction.unsplit) return "Without a split: no plan meets the constraints.\n";
  const Plan& unsplit = *prediction.unsplit;
  return fmt::format("Without a split: {}, {} ({})\n", ValueText(prediction, unsplit),
                     StageText(unsplit.stages.front()), Margin(prediction, unsplit));
}

/// What the plan costs besides time, where that is known or was asked for.
std::string OtherMetrics(const Prediction& prediction) {
  const Plan& best = prediction.plans.front();
  std::string text = "A stream of inputs: " + MetricText(Metric::kPeriod, best.period.count());
  for (const Metric metric : {Metric::kEnergy, Metric::kCost}) {
    const double value = ValueOf(best, metric);
    if (value <= 0) continue;
    text += fmt::format(", {}: {}", NameOf(metric), MetricText(metric, value, prediction.currency));
  }
  return text + "\n";
}

}  // namespace

std::string ExplainPlans(const Prediction& prediction) {
  const Plan& best = prediction.plans.front();
  std::string text = "The best plan: " + LatencyText(best) + "\n";
  text += Table(Steps(best)) + PaceLine(best) + OtherMetrics(prediction) + UnsplitLine(prediction);
  if (!prediction.second) return text + "Second best: there is no other plan.\n";
  return text + fmt::format("Second best: {} ({})\n", ValueText(prediction, *prediction.second),
                            Margin(prediction, *prediction.second));
}

std::string ExplainUncertainty(const Prediction& prediction) {
  std::string text =
      "Standard errors of computing, and how likely [1] is faster (links taken as exact):\n";
  const Plan& best = prediction.plans.front();
  for (std::size_t i = 0; i < prediction.plans.size(); ++i) {
    const Plan& plan = prediction.plans[i];
    const auto deviation = LatencyDeviation(plan);
    text += fmt::format("  [{}] {:.4f} s {}", i + 1, plan.latency.count(),
                        deviation ? ErrorText(*deviation, plan.compute)
                                  : "+- unknown: single samples or sums of blocks");
    const auto probability = ProbabilityFaster(best, plan);
    if (i > 0 && probability) text += fmt::format(", {:.1f} %", 100 * *probability);
    text += "\n";
  }
  return text;
}

}  // namespace scission
