#include "zoo/weights.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/random.h"

namespace scission {
namespace {

static_assert(std::endian::native == std::endian::little, "ONNX's raw_data is little-endian");

/// FNV-1a: std::hash may differ from library to library.
std::uint64_t Hash(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

/// Two values from each random number.
class FloatPairs {
 public:
  FloatPairs(UniformRange range, std::uint64_t stream)
      : random_(stream),
        middle_((range.low + range.high) / 2),
        scale_((range.high - range.low) / 2 * 0x1p-31f) {}

  std::array<float, 2> Next() {
    const std::uint64_t bits = random_.Next();
    return {ToRange(static_cast<std::int32_t>(bits)),
            ToRange(static_cast<std::int32_t>(bits >> 32))};
  }

 private:
  float ToRange(std::int32_t value) const { return middle_ + static_cast<float>(value) * scale_; }

  Random random_;
  float middle_;
  float scale_;
};

}  // namespace

UniformRange HeUniform(std::int64_t fan_in, Moments input) {
  const double limit = std::sqrt(3 / (static_cast<double>(fan_in) * input.mean_square));
  return {static_cast<float>(-limit), static_cast<float>(limit)};
}

std::string RandomFloats(std::size_t count, UniformRange range, std::uint64_t seed,
                         std::string_view name) {
  FloatPairs pairs(range, Random(seed).Next() ^ Hash(name));
  std::string bytes(count * sizeof(float), '\0');
  char* end = bytes.data();
  for (std::size_t i = 0; i < count / 2; ++i, end += 2 * sizeof(float)) {
    const auto pair = pairs.Next();
    std::memcpy(end, pair.data(), sizeof(pair));
  }
  if (count % 2 == 1) std::memcpy(end, pairs.Next().data(), sizeof(float));
  return bytes;
}

}  // namespace scission
