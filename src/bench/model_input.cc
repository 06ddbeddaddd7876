#include "bench/model_input.h"

#include "base/error.h"
#include "base/text.h"
#include "bench/measure.h"
#include "engine/random_input.h"
#include "image/image_input.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

constexpr std::uint64_t kInputSeed = 1;

std::vector<TensorSpec> InputSpecs(const Model& model) {
  std::vector<TensorSpec> specs;
  for (const int input : model.graph().inputs) {
    specs.push_back(model.graph().activations[static_cast<std::size_t>(input)].spec);
  }
  return specs;
}

TensorMap ImageInput(const TensorSpec& spec, const std::string& image, Preprocessing mode) {
  const auto layout = ImageLayoutOf(spec.shape);
  if (!layout || spec.type != ElementType::kFloat) {
    throw InputError("input '" + Printable(spec.name) + "' is " + ToText(spec.type) + " " +
                     ToText(spec.shape) + ", which no image fits; leave the image away");
  }
  const std::vector<float> pixels = LoadImage(image, *layout, mode);
  const char* bytes = reinterpret_cast<const char*>(pixels.data());
  return {{spec.name, {spec, {bytes, pixels.size() * sizeof(float)}}}};
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
