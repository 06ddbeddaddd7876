// Parts of a model, from its ONNX side.
#pragma once

#include "model/contents.h"
#include "model/segment.h"

namespace scission {

/// A part of a model whose initializers above kInlineWeightBytes are left out of `onnx` and named
/// in `weights` instead (indices into ModelContents::weights).
struct SegmentParts {
  onnx::ModelProto onnx;
  std::vector<int> weights;
};

SegmentParts MakeParts(const Model& model, LayerRange range);

/// `parts` with its weights as external data in `location`, one behind the other at
/// AlignedOffset()s. Inputs and outputs are left empty.
SegmentModel ReferToWeights(const ModelContents& contents, SegmentParts parts,
                            const std::string& location);

/// Where the next weight starts when `written` bytes are there: a page, so that readers can map it.
std::size_t AlignedOffset(std::size_t written);

/// The whole model with the output of every node as an output, to learn their shapes.
SegmentModel TracingModel(const ModelContents& contents);

}  // namespace scission
