#include "codec/affine.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace scission {
namespace {

constexpr int kSteps = 255;
constexpr double kHalf = 0.5;

template <typename T>
T Load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

/// Integers in the order of the floats that have these bits (and back); unlike floats, compilers
/// find the least of them with vectors.
std::int32_t Ordered(std::int32_t bits) { return bits ^ ((bits >> 31) & 0x7FFFFFFF); }

struct Range {
  float low = 0;
  float high = 0;
};

/// Of the finite values; 0 to 0 where there is none.
Range RangeOf(const char* floats, std::size_t count) {
  constexpr std::int32_t kInfinity = 0x7F800000;
  constexpr std::int32_t kNoLow = std::numeric_limits<std::int32_t>::max();
  constexpr std::int32_t kNoHigh = std::numeric_limits<std::int32_t>::min();
  std::int32_t low = kNoLow;
  std::int32_t high = kNoHigh;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = Load<std::int32_t>(floats + i * sizeof(float));
    const std::int32_t finite = -static_cast<std::int32_t>((bits & 0x7FFFFFFF) < kInfinity);
    const std::int32_t key = Ordered(bits);
    low = std::min(low, (key & finite) | (kNoLow & ~finite));
    high = std::max(high, (key & finite) | (kNoHigh & ~finite));
  }
  if (low > high) return {};
  return {std::bit_cast<float>(Ordered(low)), std::bit_cast<float>(Ordered(high))};
}

/// In double precision, in which no difference of two floats overflows.
std::array<float, kSteps + 1> ValuesOf(const Range& range) {
  std::array<float, kSteps + 1> values{};
  const double step = (static_cast<double>(range.high) - range.low) / kSteps;
  for (int i = 0; i <= kSteps; ++i) {
    values[static_cast<std::size_t>(i)] = static_cast<float>(range.low + i * step);
  }
  values.back() = range.high;
  return values;
}

}  // namespace

void FloatsToBytes(const char* floats, std::size_t count, char* packed) {
  const auto [low, high] = RangeOf(floats, count);
  std::memcpy(packed, &low, sizeof(low));
  std::memcpy(packed + sizeof(low), &high, sizeof(high));
  char* bytes = packed + kAffineHeaderBytes;
  const double steps_per_unit = high > low ? kSteps / (static_cast<double>(high) - low) : 0;
  for (std::size_t i = 0; i < count; ++i) {
    float value = Load<float>(floats + i * sizeof(float));
    value = value > low ? value : low;  // a NaN is not
    value = value < high ? value : high;
    const double step = (static_cast<double>(value) - low) * steps_per_unit + kHalf;
    bytes[i] = static_cast<char>(static_cast<std::int32_t>(step));  // vectors know no lround
  }
}

bool BytesToFloats(const char* packed, std::size_t count, char* floats) {
  const Range range{Load<float>(packed), Load<float>(packed + sizeof(float))};
  if (!std::isfinite(range.low) || !std::isfinite(range.high) || range.low > range.high) {
    return false;
  }
  const std::array<float, kSteps + 1> values = ValuesOf(range);
  const char* bytes = packed + kAffineHeaderBytes;
  for (std::size_t i = 0; i < count; ++i) {
    const float value = values[static_cast<std::uint8_t>(bytes[i])];
    std::memcpy(floats + i * sizeof(value), &value, sizeof(value));
  }
  return true;
}

}  // namespace scission
