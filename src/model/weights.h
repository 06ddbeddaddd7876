// Initializers: taken out of the graph, checked against their shapes.
#pragma once

#include <filesystem>
#include <string>

#include "model/contents.h"

namespace scission {

/// Moves the initializers of `contents.skeleton` above kInlineWeightBytes into `contents.weights`,
/// external data mapped from files in `folder`; smaller external data is read into the graph.
/// Throws InputError starting with `place` where data and shape disagree, or a path leads out of
/// `folder`. With `allow_missing_values`, weights without any data are kept without.
void SetWeightsApart(ModelContents& contents, const std::string& place,
                     const std::filesystem::path& folder, bool allow_missing_values);

}  // namespace scission
