// The ONNX side of a model. Only this module and the zoo include it.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/model.h"
#include "model/tensor.h"

namespace scission {

class MappedFile;

/// The values of one initializer. `owner` keeps `data` alive: a string, or a mapped file.
struct Weight {
  TensorSpec spec;
  std::string_view data;
  std::shared_ptr<const void> owner;
};

/// A model with its weights set apart, so that parts of it can be made without copying them.
struct ModelContents {
  /// The graph without the initializers that are in `weights`; nodes in topological order, all of
  /// use, free dimensions bound, value_info complete as far as it is known.
  onnx::ModelProto skeleton;
  std::vector<Weight> weights;  ///< of more than kInlineWeightBytes each
  std::unordered_map<std::string, int> weight_index;
  /// Where all of `weights` lie, for the engine to read them there; nullptr: anywhere in memory.
  std::shared_ptr<const MappedFile> weight_file;
  /// Nodes of the skeleton's graph whose inputs are constants alone, in order.
  std::vector<int> constant_nodes;
  /// Nodes of the skeleton's graph by layer, in order.
  std::vector<std::vector<int>> layer_nodes;
};

/// Smaller initializers stay in the graph: shape inference and the engine look at their values.
inline constexpr std::size_t kInlineWeightBytes = 1024;

/// What LoadModel does once the file is parsed. `place` starts every message; external data lies
/// in `folder`.
Model MakeModel(onnx::ModelProto proto, std::string name, const std::string& place,
                const std::filesystem::path& folder, const LoadOptions& options);

}  // namespace scission
