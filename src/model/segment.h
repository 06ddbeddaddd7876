// A part of a model as a model of its own.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/graph.h"
#include "model/tensor.h"

namespace scission {

class Model;

/// A weight's values; they live as long as the Model.
struct WeightView {
  TensorSpec spec;
  std::string_view data;
};

/// A contiguous range of layers, ready for the engine. Weights above a kilobyte are not copied into
/// `onnx`: the file refers to them as external data by their names.
struct SegmentModel {
  std::string onnx;  ///< serialized onnx.ModelProto
  std::vector<WeightView> weights;
  std::filesystem::path weight_folder;  ///< where `onnx` finds them as files; empty: nowhere
  std::vector<TensorSpec> inputs;
  std::vector<TensorSpec> outputs;
  bool has_pad_before_max_pool = false;  ///< model/pad_before_max_pool.h
};

/// The layers of `range` as a model. Its inputs are the activations that they read and do not
/// produce; its outputs those they produce and that later layers, or the model's user, need (with
/// open dimensions where the shape depends on values); both in the order of Graph::activations (for
/// the whole model, in the model's own order). Activations that only pass by (cuts of several
/// tensors) are not part of it. `range` holds at least one node.
SegmentModel ExtractSegment(const Model& model, LayerRange range);

/// protobuf's limit for one message.
inline constexpr std::size_t kMaxOnnxBytes = 0x7FFFFFFF;

/// Writes the same as one complete ONNX file, atomically and without copying the weights. A file
/// above `max_onnx_bytes` keeps them in `<file>.data` beside it.
void WriteSegment(const Model& model, LayerRange range, const std::filesystem::path& file,
                  std::size_t max_onnx_bytes = kMaxOnnxBytes);

}  // namespace scission
