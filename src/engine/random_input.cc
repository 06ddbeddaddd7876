#include "engine/random_input.h"

#include <onnxruntime_cxx_api.h>

#include <cstring>

#include "base/error.h"
#include "base/random.h"
#include "base/text.h"

namespace scission {
namespace {

template <typename Element, typename Next>
void Fill(std::string& data, const Next& next) {
  for (std::size_t i = 0; i + sizeof(Element) <= data.size(); i += sizeof(Element)) {
    const Element value(next());
    std::memcpy(data.data() + i, &value, sizeof(Element));
  }
}

void FillRandom(const TensorSpec& spec, Random& random, std::string& data) {
  const auto real = [&] { return static_cast<float>(random.Uniform(-1, 1)); };
  const auto bit = [&] { return static_cast<std::uint8_t>(random.Below(2)); };
  switch (spec.type) {
    case ElementType::kFloat:
      return Fill<float>(data, real);
    case ElementType::kDouble:
      return Fill<double>(data, real);
    case ElementType::kFloat16:
      return Fill<Ort::Float16_t>(data, real);
    case ElementType::kBfloat16:
      return Fill<Ort::BFloat16_t>(data, real);
    case ElementType::kBool:
    case ElementType::kUint8:
    case ElementType::kInt8:
      return Fill<std::uint8_t>(data, bit);
    case ElementType::kUint16:
    case ElementType::kInt16:
      return Fill<std::uint16_t>(data, bit);
    case ElementType::kUint32:
    case ElementType::kInt32:
      return Fill<std::uint32_t>(data, bit);
    case ElementType::kUint64:
    case ElementType::kInt64:
      return Fill<std::uint64_t>(data, bit);
    default:
      throw InputError("input '" + Printable(spec.name) + "' has type " + ToText(spec.type) +
                       ", for which there is no random input");
  }
}

}  // namespace

TensorMap RandomInputs(const std::vector<TensorSpec>& specs, std::uint64_t seed) {
  Random random(seed);
  TensorMap values;
  for (const TensorSpec& spec : specs) {
    TensorValue value{spec, std::string(static_cast<std::size_t>(spec.ByteCount()), '\0')};
    FillRandom(spec, random, value.data);
    values.emplace(spec.name, std::move(value));
  }
  return values;
}

}  // namespace scission
