#include "report/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "plan/problem.h"

namespace scission {
namespace {

std::string ClassicStageText(const Plan& plan, const std::string& tier) {
  const auto stage = std::find_if(plan.stages.begin(), plan.stages.end(),
                                  [&](const Stage& candidate) { return candidate.tier == tier; });
  if (stage != plan.stages.end()) return StageText(*stage);
  return fmt::format("{}({}) = -1 - -1", TierTitle(tier),
                     tier == kTiers.front() ? plan.source : "None");
}

std::string ClassicStagesText(const Plan& plan) {
  std::vector<std::string> texts;
  texts.reserve(kTiers.size());
  for (const char* tier : kTiers) texts.push_back(ClassicStageText(plan, tier));
  return Join(texts, ", ");
}

std::string FiguresText(const Plan& plan) {
  return fmt::format("{:.4f}s - {:.4f}MB", plan.latency.count(), ToMegabytes(plan.sent));
}

}  // namespace

std::string TierTitle(const std::string& tier) {
  std::string title = tier;
  if (title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

const char* WordOf(SegmentOrigin origin) {
  static constexpr std::array kWords = {"measured", "fitted", "extrapolated", "block_sum"};
  return kWords[static_cast<std::size_t>(origin)];
}

const char* TextOf(SegmentOrigin origin) {
  static constexpr std::array kTexts = {"measured as one range", "fitted to other ranges",
                                        "extrapolated from other ranges", "sum of its blocks"};
  return kTexts[static_cast<std::size_t>(origin)];
}

std::string StageText(const Stage& stage) {
  return fmt::format("{}({}) = {} - {}", TierTitle(stage.tier), stage.host, stage.first_layer,
                     stage.last_layer);
}

std::string LatencyText(const Plan& plan) {
  std::string text = fmt::format("{:.4f} s = {:.4f} s of computing + {:.4f} s of sending",
                                 plan.latency.count(), plan.compute.count(), plan.transfer.count());
  if (plan.entry.count() > 0) {
    text += fmt::format(" + {:.4f} s of taking the input", plan.entry.count());
  }
  return text;
}

std::string StagesText(const Plan& plan) {
  std::vector<std::string> texts;
  for (const Stage& stage : plan.stages) texts.push_back(StageText(stage));
  return Join(texts, ", ");
}

std::string PlanLines(const std::vector<Plan>& plans, const std::vector<Metric>& first,
                      const std::string& currency) {
  std::string lines;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    std::string figures;
    for (const Metric metric : first) {
      if (metric == Metric::kLatency || metric == Metric::kBytes) continue;
      figures += MetricText(metric, ValueOf(plans[i], metric), currency) + " - ";
    }
    lines += fmt::format("[{}] {}{} - {}\n", i + 1, figures, FiguresText(plans[i]),
                         StagesText(plans[i]));
  }
  return lines;
}

std::string ClassicPlanLines(const std::vector<Plan>& plans) {
  std::string lines;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    lines +=
        fmt::format("[{}] {} - {}\n", i + 1, FiguresText(plans[i]), ClassicStagesText(plans[i]));
  }
  return lines;
}

}  // namespace scission
