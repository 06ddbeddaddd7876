// Values that come back, errors that stay within what is promised, and bytes that nobody packed.
#include "codec/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/testing/error_of.h"

namespace scission {
namespace {

using ::testing::ElementsAre;
using testing::ErrorOf;
using ::testing::HasSubstr;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kLargest = std::numeric_limits<float>::max();

std::string BytesOf(const std::vector<float>& values) {
  std::string bytes(values.size() * sizeof(float), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

std::string Packed(Codec codec, ElementType type, const std::string& values) {
  std::string packed(MaxEncodedBytes(codec, values.size()), '\0');
  packed.resize(Encode(codec, type, values, packed.data()));
  return packed;
}

std::string Unpacked(Codec codec, ElementType type, const std::string& packed, std::size_t bytes) {
  std::string values(bytes, '\x55');
  Decode(codec, type, packed, values.data(), bytes);
  return values;
}

std::vector<float> ThereAndBack(Codec codec, const std::vector<float>& values) {
  const std::string packed = Packed(codec, ElementType::kFloat, BytesOf(values));
  const std::string bytes =
      Unpacked(codec, ElementType::kFloat, packed, values.size() * sizeof(float));
  std::vector<float> back(values.size());
  if (!back.empty()) std::memcpy(back.data(), bytes.data(), bytes.size());
  return back;
}

std::vector<float> RandomFloats(std::size_t count, double scale, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.Uniform(-scale, scale));
  return values;
}

/// As the standard defines it: the multiple of the last place that is nearest, ties to even; in
/// arithmetic that has nothing in common with what is tested.
float NearestHalf(float value) {
  if (std::isnan(value) || value == 0) return value;
  const int exponent = std::max(std::isinf(value) ? 0 : std::ilogb(value), -14);
  const double place = std::ldexp(1.0, exponent - 10);
  const double rounded = std::nearbyint(value / place) * place;
  return std::abs(rounded) > 65504 ? std::copysign(kInfinity, value) : static_cast<float>(rounded);
}

TEST(Codec, HasNamesThatReadBack) {
  std::vector<std::string> names;
  for (const Codec codec : kCodecs) {
    names.push_back(ToText(codec));
    EXPECT_EQ(ParseCodec("--codec", names.back()), codec);
  }
  EXPECT_THAT(names, ElementsAre("none", "fp16", "zstd", "int8"));
  EXPECT_EQ(ErrorOf([] { ParseCodec("--codec", "gzip"); }),
            "--codec: codec 'gzip' is not known; it is one of none, fp16, zstd, int8");
}

TEST(Codec, LossyOnesAreForFloatsAlone) {
  EXPECT_EQ(Usable(Codec::kFp16, ElementType::kFloat), Codec::kFp16);
  EXPECT_EQ(Usable(Codec::kFp16, ElementType::kInt64), Codec::kNone);
  EXPECT_EQ(Usable(Codec::kInt8, ElementType::kDouble), Codec::kNone);
  EXPECT_EQ(Usable(Codec::kZstd, ElementType::kInt64), Codec::kZstd);
  EXPECT_THAT(ErrorOf([] { Unpacked(Codec::kInt8, ElementType::kInt64, "", 0); }),
              "codec int8 is not for int64");
}

TEST(Codec, LosslessOnesGiveBackEveryByte) {
  for (const std::size_t size : {0, 1, 7, 4096, 100'003}) {
    Random random(size);
    std::string values(size, '\0');  // half of it random: zstd finds nothing there
    for (std::size_t i = 0; i < size / 2; ++i) values[i] = static_cast<char>(random.Below(256));
    for (const Codec codec : {Codec::kNone, Codec::kZstd}) {
      const std::string packed = Packed(codec, ElementType::kUint8, values);
      EXPECT_EQ(Unpacked(codec, ElementType::kUint8, packed, size), values) << ToText(codec);
    }
  }
}

TEST(Codec, SizesAreWhatTheyPromise) {
  const std::string values = BytesOf(RandomFloats(10'000, 1));
  EXPECT_EQ(Packed(Codec::kNone, ElementType::kFloat, values), values);
  EXPECT_EQ(Packed(Codec::kFp16, ElementType::kFloat, values).size(), 20'000u);
  EXPECT_EQ(Packed(Codec::kInt8, ElementType::kFloat, values).size(), 10'008u);
  EXPECT_LT(Packed(Codec::kZstd, ElementType::kFloat, std::string(40'000, '\0')).size(), 100u);
}

TEST(Fp16, RoundsKnownValues) {
  // 2049 and 2051 lie in the middle of two halves, 65520 in the middle of 65504 and "65536".
  EXPECT_THAT(ThereAndBack(Codec::kFp16, {0, -0.0f, 1, -2, 65504, 65519.9f, 65520, -1e30f, 2049,
                                          2051, 0x1p-24f, 0x1p-25f, 0x1.000002p-25f, kInfinity}),
              ElementsAre(0, -0.0f, 1, -2, 65504, 65504, kInfinity, -kInfinity, 2048, 2052,
                          0x1p-24f, 0, 0x1p-24f, kInfinity));
  EXPECT_TRUE(std::signbit(ThereAndBack(Codec::kFp16, {-0.0f})[0]));
  EXPECT_TRUE(std::isnan(ThereAndBack(Codec::kFp16, {kNan})[0]));
  EXPECT_TRUE(std::isnan(
      ThereAndBack(Codec::kFp16, {std::bit_cast<float>(0x7F800001)})[0]));  // a small payload
}

TEST(Fp16, RoundsToTheNearestEverywhere) {
  Random random(1);
  std::vector<float> values;
  for (int i = 0; i < 50'000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random.Next());
    values.push_back(std::bit_cast<float>(bits));
    // Most floats are no halves at all: also those whose exponent halves have, and ties.
    const std::uint32_t near = (bits & 0x80FFFFFF) | ((102u + bits % 41) << 23);
    values.push_back(std::bit_cast<float>(near));
    values.push_back(std::bit_cast<float>((near & ~0x1FFFu) | 0x1000));
  }
  const std::vector<float> back = ThereAndBack(Codec::kFp16, values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float expected = NearestHalf(values[i]);
    if (std::isnan(expected)) {
      ASSERT_TRUE(std::isnan(back[i])) << values[i];
    } else {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(back[i]), std::bit_cast<std::uint32_t>(expected))
          << values[i];
    }
  }
}

TEST(Fp16, KeepsEveryHalf) {
  std::string halves;
  for (int half = 0; half < 0x10000; ++half) {
    if ((half & 0x7FFF) > 0x7C00) continue;  // a NaN, whose payload does not matter
    halves += {static_cast<char>(half & 0xFF), static_cast<char>(half >> 8)};
  }
  const std::string floats = Unpacked(Codec::kFp16, ElementType::kFloat, halves, halves.size() * 2);
  EXPECT_EQ(Packed(Codec::kFp16, ElementType::kFloat, floats), halves);
}

TEST(Int8, IsWithinHalfAStep) {
  for (const double scale : {1e-40, 1.0, 255.0, 3e38}) {
    std::vector<float> values = RandomFloats(5'000, scale);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const double half_step = (static_cast<double>(*high) - *low) / 255 / 2;
    const std::vector<float> back = ThereAndBack(Codec::kInt8, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_NEAR(back[i], values[i], half_step * 1.0001 + 1e-45) << scale;
    }
    EXPECT_EQ(*std::min_element(back.begin(), back.end()), *low);  // the ends are exact
    EXPECT_EQ(*std::max_element(back.begin(), back.end()), *high);
  }
}

TEST(Int8, ClampsWhatIsNotFinite) {
  EXPECT_THAT(ThereAndBack(Codec::kInt8, {-1, kInfinity, kNan, -kInfinity, 4, -kNan}),
              ElementsAre(-1, 4, -1, -1, 4, -1));
  EXPECT_THAT(ThereAndBack(Codec::kInt8, {kNan, kInfinity}), ElementsAre(0, 0));
  EXPECT_THAT(ThereAndBack(Codec::kInt8, {-kLargest, 0.25f, kLargest}).at(2), kLargest);
}

TEST(Int8, KeepsATensorOfOneValue) {
  EXPECT_THAT(ThereAndBack(Codec::kInt8, {7.3f, 7.3f}), ElementsAre(7.3f, 7.3f));
  EXPECT_THAT(ThereAndBack(Codec::kInt8, {}), ElementsAre());
}

/// What Decode says of `packed`; "" where it takes it. Memory that is exactly as large as it may be
/// shows the address sanitizer every byte read or written beyond it.
std::string Verdict(Codec codec, const std::string& packed, std::size_t bytes) {
  const std::vector<char> exact(packed.begin(), packed.end());
  std::vector<char> values(bytes);
  try {
    Decode(codec, ElementType::kFloat, {exact.data(), exact.size()}, values.data(), bytes);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(Decode, RefusesWhatIsCutOffOrOfAnotherSize) {
  const std::string values = BytesOf(RandomFloats(64, 1));
  for (const Codec codec : kCodecs) {
    const std::string packed = Packed(codec, ElementType::kFloat, values);
    EXPECT_EQ(Verdict(codec, packed, values.size()), "");
    for (std::size_t size = 0; size < packed.size(); ++size) {
      ASSERT_NE(Verdict(codec, packed.substr(0, size), values.size()), "") << ToText(codec);
    }
    for (const std::size_t other : {0, 4, 252, 255, 257, 260, 512}) {
      EXPECT_NE(Verdict(codec, packed, other), "") << ToText(codec) << other;
    }
    EXPECT_NE(Verdict(codec, packed + "x", values.size()), "") << ToText(codec);
  }
  EXPECT_EQ(Verdict(Codec::kNone, "abc", 4), "3 bytes were given, not 4");
  EXPECT_EQ(Verdict(Codec::kFp16, "abc", 4), "these 3 bytes are not 4 bytes packed by fp16");
}

TEST(Decode, SurvivesGarbage) {
  const std::string values = BytesOf(RandomFloats(300, 1));
  Random random(7);
  int refused = 0;
  for (int i = 0; i < 2'000; ++i) {
    const Codec codec = kCodecs.at(static_cast<std::size_t>(i) % kCodecs.size());
    std::string packed = Packed(codec, ElementType::kFloat, values);
    for (int changes = 1 + random.Below(4); changes > 0; --changes) {
      const int position = random.Below(static_cast<int>(packed.size()));
      packed[static_cast<std::size_t>(i % 2 ? position : position % 16)] =
          static_cast<char>(random.Below(256));
    }
    refused += Verdict(codec, packed, values.size()).empty() ? 0 : 1;
  }
  EXPECT_GT(refused, 100);  // zstd's at least, and some of int8's headers
}

TEST(Decode, RefusesBoundsThatEncodeNeverWrites) {
  const std::string bytes(4, '\x80');
  EXPECT_THAT(Verdict(Codec::kInt8, BytesOf({2, 1}) + bytes, 16), HasSubstr("packed by int8"));
  EXPECT_THAT(Verdict(Codec::kInt8, BytesOf({kNan, 1}) + bytes, 16), HasSubstr("packed by int8"));
  EXPECT_THAT(Verdict(Codec::kInt8, BytesOf({0, kInfinity}) + bytes, 16),
              HasSubstr("packed by int8"));
}

}  // namespace
}  // namespace scission
