#include "bench/model_input.h"

#include <cstring>

#include "base/error.h"
#include "base/text.h"
#include "bench/measure.h"
#include "engine/random_input.h"
#include "image/image_input.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

constexpr std::uint64_t kInputSeed = 1;
constexpr std::size_t kColours = 3;

std::vector<TensorSpec> InputSpecs(const Model& model) {
  std::vector<TensorSpec> specs;
  for (const int input : model.graph().inputs) {
    specs.push_back(model.graph().activations[static_cast<std::size_t>(input)].spec);
  }
  return specs;
}

/// Where height and width stand in the shape of an image input.
struct ImageLayout {
  bool channels_first = true;
  int height = 0;
  int width = 0;
};

ImageLayout LayoutOf(const TensorSpec& spec) {
  const Shape& shape = spec.shape;
  constexpr std::int64_t kMaxSide = 16384;
  const bool is_image = spec.type == ElementType::kFloat && shape.size() == 4;
  if (is_image && shape[1] == 3 && shape[2] <= kMaxSide && shape[3] <= kMaxSide) {
    return {true, static_cast<int>(shape[2]), static_cast<int>(shape[3])};
  }
  if (is_image && shape[3] == 3 && shape[1] <= kMaxSide && shape[2] <= kMaxSide) {
    return {false, static_cast<int>(shape[1]), static_cast<int>(shape[2])};
  }
  throw InputError("input '" + Printable(spec.name) + "' is " + ToText(spec.type) + " " +
                   ToText(shape) + ", which no image fits; leave the image away");
}

std::vector<float> ToChannelsLast(const std::vector<float>& planar) {
  std::vector<float> interleaved(planar.size());
  const std::size_t pixels = planar.size() / kColours;
  for (std::size_t i = 0; i < planar.size(); ++i) {
    interleaved[i % pixels * kColours + i / pixels] = planar[i];
  }
  return interleaved;
}

TensorMap ImageInput(const TensorSpec& spec, const std::string& image, Preprocessing mode) {
  const ImageLayout layout = LayoutOf(spec);
  std::vector<float> pixels = LoadImage(image, layout.height, layout.width, mode);
  if (!layout.channels_first) pixels = ToChannelsLast(pixels);
  TensorValue value{spec, {}};
  const std::string_view bytes(reinterpret_cast<const char*>(pixels.data()),
                               pixels.size() * sizeof(float));
  for (std::int64_t i = 0; i < spec.shape[0]; ++i) value.data += bytes;
  return {{spec.name, std::move(value)}};
}

}  // namespace

ModelInput MakeInput(const Model& model, const std::string& image) {
  const std::vector<TensorSpec> specs = InputSpecs(model);
  if (image.empty()) return {RandomInputs(specs, kInputSeed), std::nullopt};
  if (specs.size() != 1) {
    throw InputError(model.name() + " has " + std::to_string(specs.size()) +
                     " inputs, not one image; leave the image away");
  }
  const Seconds start = SteadyClock().Now();
  TensorMap values = ImageInput(specs[0], image, PreprocessingOf(model));
  return {std::move(values), SteadyClock().Now() - start};
}

}  // namespace scission
