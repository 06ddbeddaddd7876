// Segments of a model as a model repository of NVIDIA's Triton Inference Server.
#pragma once

#include "deploy/segments.h"

namespace scission {

/// Writes each of `segments`, which are contiguous and cover the model, into `folder` as a model
/// for Triton's ONNX Runtime backend, and an ensemble that runs them in order: it is called what
/// TritonName makes of the model's name, they that and their SegmentName. docs/formats.md tells
/// which rules are kept. Throws InputError where Triton could not serve the model: a type that its
/// backend does not know, a tensor without elements, a segment without inputs, an output that no
/// segment makes. Otherwise as WriteSplit.
void WriteTritonRepository(const Model& model, const std::vector<PlannedSegment>& segments,
                           const std::filesystem::path& folder,
                           std::size_t max_onnx_bytes = kMaxOnnxBytes);

/// `name` as one of a folder and a part of a URL: what is not a letter, digit, '-', '_' or '.'
/// (at the beginning: nor '.') becomes '_', and all behind 100 characters is left out.
std::string TritonName(const std::string& name);

}  // namespace scission
