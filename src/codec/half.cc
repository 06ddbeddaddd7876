// Integer arithmetic without branches, which compilers turn into vectors on every processor. The
// two tricks with a floating-point addition are Fabian Giesen's ("Float->half variants", 2012).
#include "codec/half.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace scission {
namespace {

constexpr int kDroppedBits = 23 - 10;               // of the mantissa
constexpr std::int32_t kRebias = (127 - 15) << 23;  // between the biases of both exponents
constexpr std::int32_t kInfinity = 255 << 23;
constexpr std::int32_t kTooLarge = (127 + 16) << 23;        // 2^16: infinite as a half
constexpr std::int32_t kSmallestNormal = (127 - 14) << 23;  // of halves
constexpr std::int32_t kHalfNan = 0x7E00;
constexpr std::int32_t kHalfInfinity = 0x7C00;

/// All comparisons are of signed numbers: SSE2 knows no others.
std::uint16_t ToHalf(std::uint32_t bits) {
  const auto magnitude = static_cast<std::int32_t>(bits & 0x7FFFFFFF);
  const std::int32_t is_odd = (magnitude >> kDroppedBits) & 1;
  const std::int32_t normal = (magnitude - kRebias + 0xFFF + is_odd) >> kDroppedBits;
  // The sum is rounded, to even, at the last place that a subnormal half has.
  constexpr float kAlign = 0.5f;
  const std::int32_t subnormal =
      std::bit_cast<std::int32_t>(std::bit_cast<float>(magnitude) + kAlign) -
      std::bit_cast<std::int32_t>(kAlign);
  std::int32_t half = magnitude < kSmallestNormal ? subnormal : normal;
  half = magnitude >= kTooLarge ? kHalfInfinity : half;
  half = magnitude > kInfinity ? kHalfNan : half;
  return static_cast<std::uint16_t>(half | static_cast<std::int32_t>((bits >> 16) & 0x8000));
}

std::uint32_t ToFloat(std::uint16_t half) {
  const std::int32_t shifted = (half & 0x7FFF) << kDroppedBits;
  std::int32_t bits = shifted + kRebias;
  constexpr std::int32_t kImplicitOne = 1 << 23;
  const auto subnormal = std::bit_cast<std::int32_t>(std::bit_cast<float>(bits + kImplicitOne) -
                                                     std::bit_cast<float>(kSmallestNormal));
  bits = shifted >= kHalfInfinity << kDroppedBits ? bits + kRebias : bits;  // infinity, NaN
  bits = shifted < kImplicitOne ? subnormal : bits;
  return static_cast<std::uint32_t>(bits) | (static_cast<std::uint32_t>(half & 0x8000) << 16);
}

template <typename From, typename To>
void ConvertAll(const char* from, std::size_t count, char* to, To (*convert)(From)) {
  for (std::size_t i = 0; i < count; ++i) {
    From value;
    std::memcpy(&value, from + i * sizeof(From), sizeof(From));
    const To converted = convert(value);
    std::memcpy(to + i * sizeof(To), &converted, sizeof(To));
  }
}

}  // namespace

void FloatsToHalves(const char* floats, std::size_t count, char* halves) {
  ConvertAll(floats, count, halves, ToHalf);
}

void HalvesToFloats(const char* halves, std::size_t count, char* floats) {
  ConvertAll(halves, count, floats, ToFloat);
}

}  // namespace scission
