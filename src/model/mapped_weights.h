// A model whose weights lie in a file instead of in memory.
#pragma once

#include <filesystem>

#include "model/model.h"

namespace scission {

/// `model` with its weights (those above a kilobyte) copied to the new file `file` and mapped from
/// there. Sessions of its segments read that file while they are made; it may be removed once all
/// are. Throws InputError if it cannot be written.
Model MapWeights(const Model& model, const std::filesystem::path& file);

/// Hands back the memory of the weights of a model that MapWeights made; what reads them next gets
/// them from the file. May be called at any time from any thread. Other models: no effect.
void ForgetWeights(const Model& model);

}  // namespace scission
