#include "bench/range_benchmark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/random_input.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using ::testing::Each;
using ::testing::Gt;
using ::testing::IsEmpty;
using testing::OnnxBuilder;
using ::testing::SizeIs;

/// conv - relu - conv2 - gap
Model FourLayers() {
  Random random(3);
  OnnxBuilder builder;
  builder.Input("x", {1, 3, 16, 16}).Output("gap");
  builder.Node("Conv", "conv", {"x", builder.Weight("w1", {8, 3, 3, 3}, random)});
  builder.Node("Relu", "relu", {"conv"});
  builder.Node("Conv", "conv2", {"relu", builder.Weight("w2", {4, 8, 3, 3}, random)});
  builder.Node("GlobalAveragePool", "gap", {"conv2"});
  return builder.Make();
}

std::vector<MeasuredRange> Measure(const std::vector<LayerRange>& ranges,
                                   const MeasureOptions& options = {.min_rounds = 4,
                                                                    .max_rounds = 4}) {
  const Model model = FourLayers();
  const TensorMap inputs = RandomInputs({model.graph().activations[0].spec}, 1);
  return MeasureRanges(model, inputs, ranges, {.threads = 1}, options, [](auto&&...) {});
}

TEST(RangeBenchmark, MeasuresRangesThatOverlapInTheirOrder) {
  const std::vector<LayerRange> ranges = {{1, 2}, {0, 3}, {0, 1}, {3, 3}, {1, 2}};
  const auto measured = Measure(ranges);
  ASSERT_THAT(measured, SizeIs(ranges.size()));
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    EXPECT_EQ(measured[i].first_layer, ranges[i].first);
    EXPECT_EQ(measured[i].last_layer, ranges[i].last);
    EXPECT_THAT(measured[i].samples, Each(Gt(Seconds(0))));
  }
  EXPECT_THAT(measured[0].samples, SizeIs(4));
  EXPECT_THAT(measured[1].samples, SizeIs(4));
  EXPECT_THAT(measured[1].paces, IsEmpty());  // they are what is usual
  EXPECT_THAT(measured[2].paces, SizeIs(measured[2].samples.size()));
  EXPECT_THAT(measured[2].paces, Each(Gt(0)));
  EXPECT_TRUE(measured[2].precision.has_value());
  EXPECT_FALSE(measured[1].precision.has_value());
  EXPECT_EQ(measured[0].samples, measured[4].samples);
}

TEST(RangeBenchmark, MeasuresTheWholeAlone) {
  const auto measured = Measure({{0, 3}});
  ASSERT_THAT(measured, SizeIs(1));
  EXPECT_THAT(measured[0].samples, SizeIs(4));
}

TEST(RangeBenchmark, WatchesThePaceLongerThanRangesTake) {
  const auto measured =
      Measure({{0, 3}, {0, 1}}, {.min_rounds = 3, .max_rounds = 3, .longest_watch = Seconds(0.9)});
  EXPECT_THAT(measured[0].samples, SizeIs(::testing::AnyOf(5, 6)));  // one each 0.2 s, at most
  EXPECT_THAT(measured[1].samples, SizeIs(3));
  EXPECT_THAT(measured[1].paces, SizeIs(3));
}

TEST(RangeBenchmark, MeasuresOneRangeWithoutTheOthers) {
  const auto measured = Measure({{2, 2}});
  ASSERT_THAT(measured, SizeIs(1));
  EXPECT_THAT(measured[0].samples, SizeIs(4));
}

}  // namespace
}  // namespace scission
