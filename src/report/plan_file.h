// Reads what `scission predict --format json` printed; docs/formats.md describes it.
#pragma once

#include <filesystem>
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
  std::vector<Stage> stages;
  std::vector<Hop> hops;

  /// The host that holds the input.
  const std::string& source() const;
};

/// All plans of `file`, best first; at least one. Throws InputError naming file and place.
std::vector<PlanFile> ReadPlans(const std::filesystem::path& file);

/// The best of them. Throws InputError also where `predict --save` wrote the plan and one of the
/// files that it was made from has changed.
PlanFile ReadPlanFile(const std::filesystem::path& file);

/// Throws InputError where `plan`, which was read from `file`, is not for `model`, or not for what
/// the model is now.
void RequireModel(const Model& model, const PlanFile& plan, const std::string& file);

}  // namespace scission
