// Segments of a model as ONNX files, with a manifest. docs/formats.md describes it.
#pragma once

#include "deploy/segments.h"

namespace scission {

/// Writes each of `segments`, which are contiguous and cover the model, into `folder` as an ONNX
/// file that any runtime can load, and then `manifest.json`. `max_onnx_bytes` as WriteSegment has
/// it. Throws InputError where a file cannot be written; what is there then is incomplete, so give
/// it a folder that vanishes (AtomicFolder).
void WriteSplit(const Model& model, const std::vector<PlannedSegment>& segments,
                const std::filesystem::path& folder, std::size_t max_onnx_bytes = kMaxOnnxBytes);

}  // namespace scission
