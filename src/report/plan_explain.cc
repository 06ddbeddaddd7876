#include "report/plan_explain.h"

#include <fmt/format.h>

#include <algorithm>

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
  const bool is_input = &hop == &plan.hops.front() && plan.source != plan.stages.front().host;
  return {fmt::format("{} -> {}", hop.from, hop.to), hop.time,
          fmt::format("{:.4f} MB{}", ToMegabytes(hop.bytes), is_input ? ", the input" : "")};
}

/// "fitted to other ranges, +- 0.0012 s"
std::string OriginText(const Stage& stage) {
  const std::string text = TextOf(stage.origin);
  if (!stage.deviation) return text;
  return text + fmt::format(", +- {:.4f} s", stage.deviation->count());
}

Step StageStep(const Stage& stage) { return {StageText(stage), stage.compute, OriginText(stage)}; }

std::vector<Step> Steps(const Plan& plan) {
  std::vector<Step> steps;
  auto hop = plan.hops.begin();
  for (const Stage& stage : plan.stages) {
    if (hop != plan.hops.end() && hop->to == stage.host) steps.push_back(HopStep(plan, *hop++));
    steps.push_back(StageStep(stage));
  }
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

std::string Margin(const Plan& best, const Plan& other) {
  const Seconds difference = other.latency - best.latency;
  const std::string percent =
      best.latency.count() > 0
          ? fmt::format(", {:.1f} %", 100 * difference.count() / best.latency.count())
          : "";
  return fmt::format("{:.4f} s more{}", difference.count(), percent);
}

std::string UnsplitLine(const Plan& best, const std::optional<Plan>& unsplit) {
  if (best.stages.size() == 1) return "The best plan needs no split.\n";
  if (!unsplit) return "Without a split: no plan meets the constraints.\n";
  return fmt::format("Without a split: {:.4f} s, {} ({})\n", unsplit->latency.count(),
                     StageText(unsplit->stages.front()), Margin(best, *unsplit));
}

}  // namespace

std::string ExplainPlans(const std::vector<Plan>& plans, const std::optional<Plan>& unsplit) {
  const Plan& best = plans.front();
  std::string text =
      fmt::format("The best plan: {:.4f} s = {:.4f} s of computing + {:.4f} s of sending\n",
                  best.latency.count(), best.compute.count(), best.transfer.count());
  text += Table(Steps(best)) + UnsplitLine(best, unsplit);
  if (plans.size() == 1) return text + "Second best: there is no other plan.\n";
  return text + fmt::format("Second best: {:.4f} s ({})\n", plans[1].latency.count(),
                            Margin(best, plans[1]));
}

}  // namespace scission
