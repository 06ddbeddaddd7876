// For tests only: the rules of Triton's documentation and of the checks that it makes on loading.
#pragma once

#include <string>
#include <vector>

#include "deploy/testing/triton_repository.h"

namespace scission::testing {

/// What Triton would refuse in `models`, a line each; empty where all is well. Sources: Triton's
/// user guide (model repository, model configuration, ensemble models) and the messages of its
/// model_config_utils.cc, ensemble_utils.cc and ONNX Runtime backend.
std::vector<std::string> BrokenTritonRules(const std::map<std::string, TritonModel>& models);

}  // namespace scission::testing
