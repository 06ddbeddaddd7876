// What a model is cut into before it is written for other runtimes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "model/model.h"

namespace scission {

/// Layers that run on one host.
struct PlannedSegment {
  LayerRange layers;
  std::string host;  ///< empty where no plan says it
  std::string tier;
};

/// The tensors of a segment, with the names that they have in the model.
struct SegmentTensors {
  std::vector<TensorSpec> inputs;   ///< of the segment's file, in its order
  std::vector<TensorSpec> outputs;  ///< likewise
  /// What crosses the cut behind the segment besides its outputs: earlier segments made it, later
  /// ones or the model's user need it. Only cuts of several tensors have any.
  std::vector<TensorSpec> passes_by;
};

/// For each of `segments`, which are contiguous and cover the model. Throws InputError where a
/// tensor cannot be named in a text file (its name is not UTF-8), or is not a tensor at all.
std::vector<SegmentTensors> TensorsOf(const Model& model,
                                      const std::vector<PlannedSegment>& segments);

/// "segment-2-layers-7-25"; `index` counts from 0.
std::string SegmentName(std::size_t index, LayerRange layers);

/// Where the file of a segment keeps its weights if it grew too large (model/segment.h).
std::filesystem::path DataFileOf(const std::filesystem::path& file);

}  // namespace scission
