#include "validate/range_validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"
#include "engine/random_input.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Four layers, relu to relu4, each a block.
Model FourLayers() {
  testing::OnnxBuilder builder;
  builder.Input("x", {1, 64}).Output("relu4");
  builder.Node("Relu", "relu", {"x"});
  builder.Node("Relu", "relu2", {"relu"});
  builder.Node("Relu", "relu3", {"relu2"});
  builder.Node("Relu", "relu4", {"relu3"});
  return builder.Make();
}

/// Blocks of one layer that take 1, 2, 3 and 4 s; the whole takes 10.
ModelProfile ProfileOf(int blocks) {
  ModelProfile profile;
  for (int i = 0; i < blocks; ++i) {
    profile.blocks.push_back({.first_layer = i, .last_layer = i, .output_bytes = {256}});
    profile.ranges.push_back({i, i, {Seconds(i + 1)}});
  }
  profile.ranges.push_back({0, blocks - 1, {Seconds(10)}});
  return profile;
}

RangeValidation Validate(const ModelProfile& profile, std::size_t ranges) {
  const Model model = FourLayers();
  const TensorMap inputs = RandomInputs({model.graph().activations[0].spec}, 1);
  return ValidateRanges(model, inputs, profile, "p.json",
                        {.ranges = ranges, .repeats = 2, .engine = {.threads = 1}},
                        [](auto&&...) {});
}

TEST(ValidateRanges, ComparesWhatWasNotMeasuredWithWhatIsPredicted) {
  const auto validation = Validate(ProfileOf(4), 100);
  ASSERT_THAT(validation.ranges, SizeIs(5));
  const RangeComparison& range = validation.ranges[2];
  EXPECT_EQ(range.first_layer, 1);
  EXPECT_EQ(range.last_layer, 2);
  EXPECT_EQ(range.origin, SegmentOrigin::kExtrapolated);
  EXPECT_NEAR(range.predicted.count(), 5, 1e-6);
  EXPECT_EQ(range.block_sum, Seconds(5));
  EXPECT_GT(range.measured, Seconds(0));
  EXPECT_GT(range.measured_again, Seconds(0));
  EXPECT_EQ(validation.whole.origin, SegmentOrigin::kMeasured);
  EXPECT_EQ(validation.whole.predicted, Seconds(10));
  EXPECT_EQ(validation.whole.last_layer, 3);
}

TEST(ValidateRanges, RefusesTheProfileOfAnotherModel) {
  EXPECT_THAT(testing::ErrorOf([] { Validate(ProfileOf(3), 2); }),
              HasSubstr("p.json: ends with layer 2, but the model's last layer is 3"));
}

}  // namespace
}  // namespace scission
