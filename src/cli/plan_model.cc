#include "cli/plan_model.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace scission {

void RequirePlanOf(const Model& model, const PlanFile& plan, const std::string& file) {
  if (ToLower(model.name()) != plan.model) {
    throw InputError(file, fmt::format("is a plan for '{}', not for '{}'", plan.model,
                                       Printable(model.name(), 100)));
  }
  if (!plan.model_hash.empty() && plan.model_hash != model.Hash()) {
    throw InputError(file, fmt::format("'{}' is no longer the model that was measured, or -b or "
                                       "--dim is another (the hashes differ)",
                                       plan.model));
  }
  const int last = WholeOf(model.graph()).last;
  if (plan.stages.back().last_layer != last) {
    throw InputError(file, fmt::format("ends with layer {}, but the last one of '{}' is {}",
                                       plan.stages.back().last_layer, plan.model, last));
  }
}

}  // namespace scission
