#include "cli/benchmark_ranges.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "base/error.h"
#include "base/text.h"
#include "bench/progress.h"
#include "cli/command.h"
#include "cli/model_options.h"
#include "cli/stability_warning.h"
#include "profile/profile_io.h"
#include "report/plan_file.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

std::string Spell(LayerRange range) { return fmt::format("{} - {}", range.first, range.last); }

/// The segments of `plans` on `host` that `model` has no range for, each once.
std::vector<LayerRange> Missing(const std::vector<PlanFile>& plans, const std::string& host,
                                const ModelProfile& model) {
  std::vector<LayerRange> missing;
  for (const PlanFile& plan : plans) {
    for (const Stage& stage : plan.stages) {
      const LayerRange range{stage.first_layer, stage.last_layer};
      if (stage.host != host || model.FindRange(range.first, range.last) != nullptr) continue;
      if (std::find(missing.begin(), missing.end(), range) == missing.end()) {
        missing.push_back(range);
      }
    }
  }
  return missing;
}

void RequireBlocks(const ModelProfile& model, const std::vector<LayerRange>& ranges,
                   const std::string& place) {
  for (const LayerRange& range : ranges) {
    const auto& blocks = model.blocks;
    const bool begins = std::any_of(blocks.begin(), blocks.end(), [&](const Block& block) {
      return block.first_layer == range.first;
    });
    const bool ends = std::any_of(blocks.begin(), blocks.end(), [&](const Block& block) {
      return block.last_layer == range.last;
    });
    if (begins && ends) continue;
    throw InputError(place, "the segment " + Spell(range) +
                                " does not begin and end with a block of the profile; it is a plan "
                                "of other profiles");
  }
}

/// One of which the whole was measured: its time is what others are put beside.
ModelProfile& ModelOf(Profile& profile, const std::string& name) {
  for (ModelProfile& model : profile.models) {
    if (model.model != name) continue;
    const auto& blocks = model.blocks;
    if (model.FindRange(blocks.front().first_layer, blocks.back().last_layer) != nullptr) {
      return model;
    }
    throw InputError(profile.file,
                     "has no range of the whole model '" + name + "'; benchmark it anew");
  }
  throw InputError(profile.file, "has no model '" + name + "', of which the plans are");
}

/// The model as it is opened: what the user named, which must be that of the plans.
std::string ModelToOpen(const RangesRequest& request, const std::string& name) {
  if (request.models.empty()) {
    if (IsBuiltIn(name)) return name;
    throw InputError(request.plans.string(),
                     "is about '" + name + "', which is not built in; name its file too");
  }
  const std::string& model = request.models.front();
  const std::string called = IsBuiltIn(model) ? ToLower(model) : ModelNameOf(model);
  if (request.models.size() > 1 || called != name) {
    throw InputError(request.plans.string(),
                     "is about '" + name + "'; name this model alone, or none");
  }
  RequireModel(model);
  return model;
}

/// In the child process.
int Measure(const RangesRequest& request, const std::string& name,
            const std::vector<LayerRange>& ranges, Profile& profile, ModelProfile& model) {
  Stability stability;
  {
    ProgressBar progress(Printable(name), ::isatty(STDERR_FILENO) != 0);
    stability = MeasureMoreRanges(
        name, ranges, request.benchmark,
        [&](const std::string& phase, std::int64_t done, std::int64_t total) {
          progress.Update(phase, done, total);
        },
        model);
  }
  WriteProfile(profile, request.profile);
  for (const LayerRange& range : ranges) {
    std::cout << fmt::format(
        "{}: layers {}: {:.2f} ms\n", Printable(model.model), Spell(range),
        ToMilliseconds(model.FindRange(range.first, range.last)->TypicalTime()));
  }
  return CodeOf(stability, model.model);
}

}  // namespace

int MeasureRangesOfPlans(const RangesRequest& request) {
  const std::vector<PlanFile> plans = ReadPlans(request.plans).plans;
  const std::string& name = plans.front().model;
  Profile profile = ReadProfile(request.profile);
  ModelProfile& model = ModelOf(profile, name);
  const std::string to_open = ModelToOpen(request, name);
  const std::vector<LayerRange> ranges = Missing(plans, request.host, model);
  RequireBlocks(model, ranges, request.plans.string());
  if (ranges.empty()) {
    std::cout << "nothing to measure: every segment of " << request.host << " in "
              << request.plans.string() << " was measured as one range\n";
    return kDone;
  }
  return RunIsolated(to_open, [&] { return Measure(request, to_open, ranges, profile, model); });
}

}  // namespace scission
