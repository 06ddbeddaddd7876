// What the user names: a built-in model or a file.
#pragma once

#include <string>

#include "image/preprocessing.h"
#include "model/model.h"
#include "zoo/zoo.h"

namespace scission {

/// The seed of the weights of built-in models, everywhere where none is given: profiles of one
/// model from different hosts must be of the same model.
inline constexpr std::uint64_t kDefaultSeed = 1;

/// True where `name` is a built-in model (any case), not a path.
bool IsBuiltIn(const std::string& name);

/// Throws InputError with the nearest built-in name where `name` is neither a built-in model nor a
/// file that is there.
void RequireModel(const std::string& name);

/// The built-in model `name` (any case), or the ONNX file of that path. Throws InputError as
/// LoadModel and RequireModel do.
Model OpenModel(const std::string& name, const LoadOptions& options,
                std::uint64_t seed = kDefaultSeed);

/// The graph of the built-in model `entry`, without weights: takes milliseconds. A batch of one.
Graph ZooGraph(const ZooEntry& entry);

/// Writes the built-in model `entry` as an ONNX file, its batch dimension free. Throws InputError
/// if `file` cannot be written.
void WriteZooModel(const ZooEntry& entry, std::uint64_t seed, const std::filesystem::path& file);

/// How the model wants its images: what its metadata says; torch, the custom of ONNX models,
/// where it says nothing.
Preprocessing PreprocessingOf(const Model& model);

}  // namespace scission
