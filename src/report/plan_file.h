// Reads what `scission predict --format json` printed; docs/formats.md describes it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/model.h"
#include "plan/plan.h"

namespace scission {

inline constexpr const char* kPlansFormat = "scission-plans";
inline constexpr int kPlansVersion = 1;

/// One of the plans in a file. What the reader promises: there is a stage; the stages begin
/// with layer 0 and are contiguous; the hops lead from each stage's host to the next one's, and one
/// more may stand before them and carry the input to the first stage.
struct PlanFile {
  std::string model;       ///< lower case
  std::string model_hash;  ///< of the model that was measured; empty where it is not known
  /// Hops carry the answer back, too, along the chain of stages (predict --replies).
  bool counts_replies = false;
  Seconds latency{0};
  Seconds entry{0};  ///< of that: handing the source its input; 0 where it was not measured
  std::vector<Stage> stages;
  std::vector<Hop> hops;

  /// The host that holds the input.
  const std::string& source() const;
};

/// All that a file of plans tells.
struct PlansFile {
  std::filesystem::path path;
  std::vector<PlanFile> plans;  ///< best first; at least one
  /// With which options they were asked for, as `predict` takes them; nothing where it is not
  /// known.
  std::optional<std::vector<std::string>> options;
  std::vector<std::filesystem::path> inputs;  ///< what `predict --save` made them from
};

/// Throws InputError naming file and place.
PlansFile ReadPlans(const std::filesystem::path& path);

/// The same. Throws InputError also where one of the files that the plans were made from has
/// changed.
PlansFile ReadUnchangedPlans(const std::filesystem::path& path);

/// The best plan of ReadUnchangedPlans.
PlanFile ReadPlanFile(const std::filesystem::path& path);

/// Throws InputError where `plan`, which was read from `file`, is not for `model`, or not for what
/// the model is now.
void RequireModel(const Model& model, const PlanFile& plan, const std::string& file);

}  // namespace scission
