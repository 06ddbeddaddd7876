// Whether a plan is one of the model at hand.
#pragma once

#include <string>

#include "model/model.h"
#include "report/plan_file.h"

namespace scission {

/// Throws InputError naming `file`, where `plan` was read from, unless the plan was made for
/// `model` as it is: its name, its contents, its layers.
void RequirePlanOf(const Model& model, const PlanFile& plan, const std::string& file);

}  // namespace scission
