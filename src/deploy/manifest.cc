#include "deploy/manifest.h"

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/sha256.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "scission-split";
constexpr int kVersion = 1;

/// Null for what is not known before a run.
Json TensorsJson(const std::vector<TensorSpec>& specs) {
  auto json = Json::array();
  for (const TensorSpec& spec : specs) {
    const bool has_size = !spec.is_dynamic && BitsPerElement(spec.type) > 0;
    json.push_back({{"name", spec.name},
                    {"type", ToText(spec.type)},
                    {"shape", spec.is_dynamic ? Json() : Json(spec.shape)},
                    {"bytes", has_size ? Json(spec.ByteCount()) : Json()}});
  }
  return json;
}

Json FileJson(const fs::path& file) {
  return {{"name", file.filename().string()},
          {"bytes", fs::file_size(file)},
          {"sha256", Sha256OfFile(file)}};
}

Json TextOrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json SegmentJson(const Graph& graph, const PlannedSegment& segment, const SegmentTensors& tensors) {
  const auto [first, last] = segment.layers;
  return {{"first_layer", first},
          {"last_layer", last},
          {"first_layer_name", graph.layers[static_cast<std::size_t>(first)].name},
          {"last_layer_name", graph.layers[static_cast<std::size_t>(last)].name},
          {"host", TextOrNull(segment.host)},
          {"tier", TextOrNull(segment.tier)},
          {"inputs", TensorsJson(tensors.inputs)},
          {"outputs", TensorsJson(tensors.outputs)},
          {"passes_by", TensorsJson(tensors.passes_by)}};
}

std::vector<TensorSpec> SpecsOf(const Graph& graph, const std::vector<int>& activations) {
  std::vector<TensorSpec> specs;
  for (const int i : activations) {
    specs.push_back(graph.activations[static_cast<std::size_t>(i)].spec);
  }
  return specs;
}

}  // namespace

void WriteSplit(const Model& model, const std::vector<PlannedSegment>& segments,
                const fs::path& folder, std::size_t max_onnx_bytes) {
  const Graph& graph = model.graph();
  const std::vector<SegmentTensors> tensors = TensorsOf(model, segments);
  Json json = {{"format", kFormat},
               {"version", kVersion},
               {"model", model.name()},
               {"model_hash", model.Hash()},
               {"inputs", TensorsJson(SpecsOf(graph, graph.inputs))},
               {"outputs", TensorsJson(SpecsOf(graph, graph.outputs))},
               {"segments", Json::array()}};
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const fs::path file = folder / (SegmentName(i, segments[i].layers) + ".onnx");
    WriteSegment(model, segments[i].layers, file, max_onnx_bytes);
    Json& segment = json["segments"].emplace_back(SegmentJson(graph, segments[i], tensors[i]));
    segment["files"].push_back(FileJson(file));
    if (fs::exists(DataFileOf(file))) segment["files"].push_back(FileJson(DataFileOf(file)));
  }
  WriteFileAtomically(folder / "manifest.json",
                      json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace scission
