// The built-in models: one table.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "image/preprocessing.h"

namespace scission {

class KerasBuilder;
struct KerasTensor;

struct ZooEntry {
  const char* name;
  int layer_count;          ///< as Keras counts, the input included
  std::int64_t parameters;  ///< trainable and not
  int input_size;           ///< height and width of the image
  Preprocessing preprocessing;
  KerasTensor (*architecture)(KerasBuilder& b, KerasTensor image);  ///< returns the predictions
};

/// All built-in models, family by family.
std::span<const ZooEntry> Zoo();

/// The built-in model `name` (lower case), nullptr where there is none.
const ZooEntry* FindZooModel(std::string_view name);

}  // namespace scission
