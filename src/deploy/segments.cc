#include "deploy/segments.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "model/cuts.h"

namespace scission {
namespace {

bool Contains(const std::vector<TensorSpec>& specs, const std::string& name) {
  return std::any_of(specs.begin(), specs.end(),
                     [&](const TensorSpec& spec) { return spec.name == name; });
}

void Check(const std::string& model, const std::vector<TensorSpec>& specs) {
  for (const TensorSpec& spec : specs) {
    const auto place = fmt::format("{}: tensor '{}'", model, Printable(spec.name, 100));
    if (!IsUtf8(spec.name)) throw InputError(place, "its name is not valid UTF-8");
    if (spec.type == ElementType::kUnknown) {
      throw InputError(place, "is not a tensor, but a sequence or the like; it cannot be written");
    }
  }
}

SegmentTensors TensorsOf(const Model& model, LayerRange layers) {
  SegmentModel segment = ExtractSegment(model, layers);
  SegmentTensors tensors{std::move(segment.inputs), std::move(segment.outputs), {}};
  for (const int activation : CrossingActivations(model.graph(), layers.last)) {
    const TensorSpec& spec = model.graph().activations[static_cast<std::size_t>(activation)].spec;
    if (!Contains(tensors.outputs, spec.name)) tensors.passes_by.push_back(spec);
  }
  Check(model.name(), tensors.inputs);
  Check(model.name(), tensors.outputs);
  Check(model.name(), tensors.passes_by);
  return tensors;
}

}  // namespace

std::vector<SegmentTensors> TensorsOf(const Model& model,
                                      const std::vector<PlannedSegment>& segments) {
  std::vector<SegmentTensors> tensors;
  for (const PlannedSegment& segment : segments)
    tensors.push_back(TensorsOf(model, segment.layers));
  return tensors;
}

std::string SegmentName(std::size_t index, LayerRange layers) {
  return fmt::format("segment-{}-layers-{}-{}", index + 1, layers.first, layers.last);
}

std::filesystem::path DataFileOf(const std::filesystem::path& file) {
  return file.string() + ".data";
}

}  // namespace scission
