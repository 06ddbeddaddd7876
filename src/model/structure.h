// The shape of the graph itself: names, order, what is constant, what is of no use.
#pragma once

#include <string>

#include "model/contents.h"

namespace scission {

/// Checks the graph of `contents.skeleton` (every value produced once and before it is read, no
/// cycle, attributes in range), sorts its nodes topologically where the file does not (stable),
/// drops the nodes that no output needs, and fills `contents.constant_nodes`. Returns false where
/// nodes were moved or dropped. Throws InputError starting with `place`. O(nodes log nodes +
/// edges).
bool CheckAndSort(ModelContents& contents, const std::string& place);

/// "node 'conv1' (Conv)", or "node 12 (Conv)" where it has no name.
std::string Describe(const onnx::NodeProto& node, int index);

}  // namespace scission
