// What a model is benchmarked on.
#pragma once

#include <optional>
#include <string>

#include "base/units.h"
#include "engine/session.h"
#include "model/model.h"

namespace scission {

struct ModelInput {
  TensorMap values;
  std::optional<Seconds> preprocess_time;  ///< image file to tensor; absent for random inputs
};

/// The inputs of `model`: `image`, preprocessed as the model wants it and repeated over the batch,
/// or seeded random values where `image` is empty. Throws InputError if the image cannot be read,
/// or the model does not take one (one float32 input, N x 3 x H x W or N x H x W x 3).
ModelInput MakeInput(const Model& model, const std::string& image);

}  // namespace scission
