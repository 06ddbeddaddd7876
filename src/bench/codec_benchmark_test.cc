#include "bench/codec_benchmark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace scission {
namespace {

using ::testing::ElementsAre;

TensorValue Floats(int count) {
  TensorValue tensor{{"x", ElementType::kFloat, {count}}, ""};
  Random random(1);
  for (int i = 0; i < count; ++i) {
    const auto value = static_cast<float>(i % 2 == 0 ? 0 : random.Uniform(-1, 1));
    tensor.data.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  return tensor;
}

std::vector<std::string> Names(const std::vector<CodecFigures>& all) {
  std::vector<std::string> names;
  for (const CodecFigures& figures : all) names.push_back(figures.codec);
  return names;
}

TEST(MeasureCodecs, GivesSizeAndTimesOfEachCodec) {
  const TensorValue tensor = Floats(10'000);
  const auto all = MeasureCodecs({&tensor}, 3);
  EXPECT_THAT(Names(all), ElementsAre("fp16", "zstd", "int8"));
  EXPECT_EQ(all[0].bytes, Bytes{20'000});
  EXPECT_LT(all[1].bytes, Bytes{36'000});  // half of the values are 0
  EXPECT_GT(all[1].bytes, Bytes{10'000});
  EXPECT_NEAR(all[2].bytes.count, 10'000, 100);
  for (const CodecFigures& figures : all) {
    EXPECT_GT(figures.encode, Seconds(0));
    EXPECT_GT(figures.decode, Seconds(0));
  }
}

TEST(MeasureCodecs, AddsTensorsUpThatCrossTogether) {
  const TensorValue floats = Floats(10'000);
  const TensorValue numbers{{"n", ElementType::kInt64, {100}}, std::string(800, '\1')};
  const auto all = MeasureCodecs({&floats, &numbers}, 1);
  EXPECT_THAT(Names(all), ElementsAre("fp16", "zstd", "int8"));
  // The integers go as they are, or with zstd.
  EXPECT_LE(all[0].bytes, Bytes{20'800});
  EXPECT_GT(all[0].bytes, Bytes{20'000});
}

TEST(MeasureCodecs, LeavesLossyCodecsOutForIntegers) {
  const TensorValue numbers{{"n", ElementType::kInt64, {100}}, std::string(800, '\1')};
  EXPECT_THAT(Names(MeasureCodecs({&numbers}, 1)), ElementsAre("zstd"));
}

}  // namespace
}  // namespace scission
