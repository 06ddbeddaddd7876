// Which nodes make up which layer.
#pragma once

#include <string>
#include <vector>

#include "model/contents.h"
#include "model/shapes.h"

namespace scission {

/// Metadata key under which built-in models keep their layers: a JSON array with one element
/// ["name", "Type", node_count] a layer, in the order of the graph's nodes.
inline constexpr const char* kLayersKey = "scission.layers";

/// Metadata key under which built-in models name the constants that are no parameters: a JSON
/// array.
inline constexpr const char* kFixedKey = "scission.fixed";

/// Fills `contents.layer_nodes` and builds the graph. Where `use_metadata` and the metadata of the
/// model fits its nodes, layers are what it says; otherwise every node that is not constant is one.
Graph BuildGraph(ModelContents& contents, const SpecMap& specs, bool use_metadata);

}  // namespace scission
