#include "model/tensor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

struct ElementTypeFacts {
  const char* name;
  int bits;
};

// In the order of the enumeration.
constexpr std::array<ElementTypeFacts, 23> kFacts = {{
    {"unknown", 0},        {"float32", 32},     {"uint8", 8},          {"int8", 8},
    {"uint16", 16},        {"int16", 16},       {"int32", 32},         {"int64", 64},
    {"string", 0},         {"bool", 8},         {"float16", 16},       {"float64", 64},
    {"uint32", 32},        {"uint64", 64},      {"complex64", 64},     {"complex128", 128},
    {"bfloat16", 16},      {"float8e4m3fn", 8}, {"float8e4m3fnuz", 8}, {"float8e5m2", 8},
    {"float8e5m2fnuz", 8}, {"uint4", 4},        {"int4", 4},
}};

const ElementTypeFacts& FactsOf(ElementType type) {
  const auto index = static_cast<std::size_t>(type);
  return index < kFacts.size() ? kFacts.at(index) : kFacts[0];
}

}  // namespace

int BitsPerElement(ElementType type) { return FactsOf(type).bits; }

bool IsFloatingPoint(ElementType type) {
  const std::string_view name = FactsOf(type).name;
  return name.starts_with("float") || name.starts_with("bfloat");
}

std::string ToText(ElementType type) { return FactsOf(type).name; }

std::int64_t ElementCount(const Shape& shape, const std::string& place) {
  constexpr std::int64_t kLimit = std::int64_t{1} << 48;
  bool is_empty = false;
  std::int64_t count = 1;
  for (const std::int64_t dimension : shape) {
    if (dimension < 0) throw InputError(Printable(place), "has a negative dimension");
    is_empty |= dimension == 0;
    if (dimension > 0 && count > kLimit / dimension) {
      throw InputError(Printable(place), "is too large: its shape is " + ToText(shape));
    }
    if (dimension > 0) count *= dimension;
  }
  return is_empty ? 0 : count;
}

std::string ToText(const Shape& shape) {
  return shape.empty() ? "scalar" : fmt::format("{}", fmt::join(shape, "x"));
}

std::int64_t TensorSpec::ByteCount() const {
  return (ElementCount(shape, "tensor '" + name + "'") * BitsPerElement(type) + 7) / 8;
}

}  // namespace scission
