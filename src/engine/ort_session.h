// Makes ONNX Runtime's sessions. For this module alone.
#pragma once

#include <onnxruntime_cxx_api.h>

#include <exception>
#include <string>
#include <vector>

#include "engine/session.h"

namespace scission {

/// The settings of every session (engine/session.h). Throws ProviderError.
Ort::SessionOptions MakeOptions(const EngineOptions& options);

/// A session of `segment` on the CPU or `provider`, which `options` have. `weights` is filled; it
/// must outlive the session. Throws as Session does.
Ort::Session MakeSession(const SegmentModel& segment, Ort::SessionOptions options,
                         Provider provider, std::vector<Ort::Value>& weights);

/// The same by the engine's options, in two steps where they ask for that.
Ort::Session MakeSession(const SegmentModel& segment, const EngineOptions& options,
                         std::vector<Ort::Value>& weights);

/// The first line of what ONNX Runtime says, without the condition in its sources that failed.
std::string FirstLine(const std::exception& error);

}  // namespace scission
