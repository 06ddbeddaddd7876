// What each kind of layer of the built-in models computes, against values worked out by hand from
// Keras's documentation: a model of one or two layers, given weights, one image.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "engine/session.h"
#include "model/contents.h"
#include "zoo/build.h"
#include "zoo/keras_builder.h"

namespace scission {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::FloatNear;
using ::testing::Pointwise;
using Values = std::vector<float>;
using Weights = std::map<std::string, Values>;

constexpr int kSide = 4;

/// 4 x 4, three channels, each 16 values, row by row: 1 to 16, all 1, -1 to -16.
Values Image() {
  Values image;
  for (int i = 1; i <= kSide * kSide; ++i) image.push_back(static_cast<float>(i));
  image.insert(image.end(), kSide * kSide, 1);
  for (int i = 1; i <= kSide * kSide; ++i) image.push_back(static_cast<float>(-i));
  return image;
}

std::string BytesOf(const Values& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// What `architecture` makes of the image, with `weights` (by name) instead of random ones.
Values OutputOf(KerasTensor (*architecture)(KerasBuilder&, KerasTensor),
                const Weights& weights = {}) {
  onnx::ModelProto proto =
      BuildZooModel({"tiny", 0, 0, kSide, Preprocessing::kTf, architecture}, 1);
  std::size_t used = 0;
  for (auto& tensor : *proto.mutable_graph()->mutable_initializer()) {
    const auto given = weights.find(tensor.name());
    if (given == weights.end()) continue;
    EXPECT_EQ(tensor.raw_data().size(), BytesOf(given->second).size()) << tensor.name();
    tensor.set_raw_data(BytesOf(given->second));
    ++used;
  }
  EXPECT_EQ(used, weights.size()) << "a weight of that name is not there";

  const Model model = MakeModel(std::move(proto), "tiny", "tiny", "", {});
  const SegmentModel segment = ExtractSegment(model, WholeOf(model.graph()));
  Session session(segment, {.threads = 1});
  session.SetInputs({{"input_1", {segment.inputs.at(0), BytesOf(Image())}}});
  session.Run();
  TensorMap outputs;
  session.GetOutputs(outputs);
  const std::string& data = outputs.begin()->second.data;
  Values values(data.size() / sizeof(float));
  std::memcpy(values.data(), data.data(), data.size());
  return values;
}

/// One of so many equal parts of `values`: a channel.
Values Part(const Values& values, int part, int parts) {
  const std::size_t size = values.size() / static_cast<std::size_t>(parts);
  const auto start = values.begin() + static_cast<std::ptrdiff_t>(size) * part;
  return {start, start + static_cast<std::ptrdiff_t>(size)};
}

/// Kernel values of three channels, 3 x 3 each: all 1, `centre` in the middle, zeros.
Values KernelWithCentre(float centre) {
  Values kernel(27, 0);
  std::fill_n(kernel.begin(), 9, 1.0f);
  kernel[9 + 4] = centre;
  return kernel;
}

// "same" with stride 2 on an even size pads at the bottom and right alone: the windows start at
// rows and columns 0 and 2.
TEST(KerasOperators, ConvolutionWithAStrideAndSamePadding) {
  const Values values = OutputOf(
      [](KerasBuilder& b, KerasTensor x) {
        return b.Conv2D("c", x, 1, 3, {.stride = 2, .padding = kSame});
      },
      {{"c/kernel", KernelWithCentre(100)}, {"c/bias", {0.5f}}});
  EXPECT_THAT(values, ElementsAre(54 + 100.5f, 45 + 100.5f, 72 + 100.5f, 54 + 100.5f));
}

TEST(KerasOperators, ConvolutionWithoutPaddingDoesNotFlipItsKernel) {
  Values row(9, 0);
  row[0] = 1, row[1] = 10, row[2] = 100;
  const auto wide = OutputOf(
      [](KerasBuilder& b, KerasTensor x) {
        return b.Conv2D("c", x, 1, {1, 3}, {.bias = false});
      },
      {{"c/kernel", row}});
  EXPECT_THAT(wide, ElementsAre(321, 432, 765, 876, 1209, 1320, 1653, 1764));
  const auto high = OutputOf(
      [](KerasBuilder& b, KerasTensor x) {
        return b.Conv2D("c", x, 1, {3, 1}, {.bias = false});
      },
      {{"c/kernel", row}});
  EXPECT_THAT(high, ElementsAre(951, 1062, 1173, 1284, 1395, 1506, 1617, 1728));
}

TEST(KerasOperators, ConvolutionEndsWithItsActivation) {
  const auto values = OutputOf(
      [](KerasBuilder& b, KerasTensor x) {
        return b.Conv2D("c", x, 2, 1, {.stride = 3, .activation = kRelu});
      },
      {{"c/kernel", {1, 0, 0, 0, 0, 1}}, {"c/bias", {-4, 20}}});
  EXPECT_THAT(values, ElementsAre(0, 0, 9, 12, 19, 16, 7, 4));
}

TEST(KerasOperators, DepthwiseConvolutionKeepsChannelsApart) {
  Values kernel = KernelWithCentre(2);
  kernel[18] = 1;
  const auto values = OutputOf(
      [](KerasBuilder& b, KerasTensor x) { return b.DepthwiseConv2D("d", x, 3, {.bias = false}); },
      {{"d/kernel", kernel}});
  EXPECT_THAT(values, ElementsAre(54, 63, 90, 99, 2, 2, 2, 2, -1, -2, -5, -6));
}

TEST(KerasOperators, SeparableConvolutionHasItsStrideInTheDepthwisePart) {
  Values kernel = KernelWithCentre(1);
  kernel[18 + 4] = 1;
  const auto values = OutputOf(
      [](KerasBuilder& b, KerasTensor x) {
        return b.SeparableConv2D("s", x, 2, 3, {.stride = 2, .padding = kSame});
      },
      {{"s/depthwise_kernel", kernel},
       {"s/pointwise_kernel", {1, 0, 1, 0, 1000, -1}},
       {"s/bias", {0, 0.5f}}});
  EXPECT_THAT(values,
              ElementsAre(54 - 6, 45 - 8, 72 - 14, 54 - 16, 1006.5f, 1008.5f, 1014.5f, 1016.5f));
}

TEST(KerasOperators, BatchNormalizationAddsEpsilonToTheVariance) {
  const Weights statistics{{"n/gamma", {2, 3, 1}},
                           {"n/beta", {1, 0, -1}},
                           {"n/moving_mean", {0, 1, -1}},
                           {"n/moving_variance", {3, 0, 8}}};
  const auto values = OutputOf(
      [](KerasBuilder& b, KerasTensor x) { return b.BatchNormalization("n", x, {.epsilon = 1}); },
      statistics);
  EXPECT_THAT(Part(values, 0, 3),
              ElementsAre(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17));
  EXPECT_THAT(Part(values, 1, 3), Each(0));
  EXPECT_FLOAT_EQ(Part(values, 2, 3).front(), 0.0f / 3 - 1);
  EXPECT_FLOAT_EQ(Part(values, 2, 3).back(), -15.0f / 3 - 1);
}

TEST(KerasOperators, BatchNormalizationWithoutScale) {
  const auto values = OutputOf(
      [](KerasBuilder& b, KerasTensor x) {
        return b.BatchNormalization("n", x, {.epsilon = 1, .scale = false});
      },
      {{"n/beta", {1, 0, -1}}, {"n/moving_mean", {0, 1, 0}}, {"n/moving_variance", {3, 0, 0}}});
  EXPECT_FLOAT_EQ(Part(values, 0, 3).back(), 16.0f / 2 + 1);
  EXPECT_FLOAT_EQ(Part(values, 1, 3).back(), 0);
  EXPECT_FLOAT_EQ(Part(values, 2, 3).back(), -16 - 1);
}

TEST(KerasOperators, ReluCutsBelowAndAbove) {
  const auto relu6 = OutputOf([](KerasBuilder& b, KerasTensor x) { return b.ReLU("r", x, 6); });
  EXPECT_THAT(Part(relu6, 0, 3), ElementsAre(1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6));
  EXPECT_THAT(Part(relu6, 2, 3), Each(0));
  const auto relu =
      OutputOf([](KerasBuilder& b, KerasTensor x) { return b.Activation("r", x, kRelu); });
  EXPECT_THAT(Part(relu, 0, 3), ElementsAreArray(Part(Image(), 0, 3)));
  EXPECT_THAT(Part(relu, 2, 3), Each(0));
}

TEST(KerasOperators, MaxPoolingNeverTakesThePadding) {
  const auto values = OutputOf([](KerasBuilder& b, KerasTensor x) {
    return b.MaxPooling2D("p", x, 3, {.stride = 2, .padding = kSame});
  });
  EXPECT_THAT(values, ElementsAre(11, 12, 15, 16, 1, 1, 1, 1, -1, -3, -9, -11));
}

// As ResNet v2 has it; ONNX Runtime would turn the zeros into padding.
TEST(KerasOperators, MaxPoolingTakesTheZerosOfALayerThatPads) {
  const auto values = OutputOf([](KerasBuilder& b, KerasTensor x) {
    return b.MaxPooling2D("p", b.ZeroPadding2D("z", x, 1), 3, {.stride = 2});
  });
  EXPECT_THAT(Part(values, 0, 3), ElementsAre(6, 8, 14, 16));
  EXPECT_THAT(Part(values, 2, 3), ElementsAre(0, 0, 0, -6));
}

TEST(KerasOperators, AveragePoolingLeavesThePaddingOut) {
  const auto values = OutputOf([](KerasBuilder& b, KerasTensor x) {
    return b.AveragePooling2D("p", x, 3, {.stride = 1, .padding = kSame});
  });
  EXPECT_THAT(Part(values, 0, 3),
              Pointwise(FloatNear(1e-5f), Values{3.5f, 4, 5, 5.5f, 5.5f, 6, 7, 7.5f, 9.5f, 10, 11,
                                                 11.5f, 11.5f, 12, 13, 13.5f}));
  EXPECT_THAT(Part(values, 1, 3), Each(FloatNear(1, 1e-6f)));
}

TEST(KerasOperators, AveragePoolingStepsByThePool) {
  const auto values =
      OutputOf([](KerasBuilder& b, KerasTensor x) { return b.AveragePooling2D("p", x, 2); });
  EXPECT_THAT(Part(values, 0, 3), ElementsAre(3.5f, 5.5f, 11.5f, 13.5f));
}

// What NASNet does to shift an image by a pixel before it takes every second one.
TEST(KerasOperators, PaddingAndCroppingShiftAnImage) {
  const auto values = OutputOf([](KerasBuilder& b, KerasTensor x) {
    x = b.Cropping2D("c", b.ZeroPadding2D("z", x, {0, 1, 0, 1}), {1, 0, 1, 0});
    return b.AveragePooling2D("p", x, 1, {.stride = 2});
  });
  EXPECT_THAT(Part(values, 0, 3), ElementsAre(6, 8, 14, 16));
}

TEST(KerasOperators, PaddingAndCroppingTakeEachSideByItself) {
  const auto cropped = OutputOf([](KerasBuilder& b, KerasTensor x) {
    return b.Cropping2D("c", x, {0, 2, 1, 0});
  });
  EXPECT_THAT(Part(cropped, 0, 3), ElementsAre(2, 3, 4, 6, 7, 8));
  const auto padded = OutputOf([](KerasBuilder& b, KerasTensor x) {
    return b.ZeroPadding2D("z", b.Cropping2D("c", x, {0, 2, 1, 1}), {1, 0, 0, 2});
  });
  EXPECT_THAT(Part(padded, 0, 3), ElementsAre(0, 0, 0, 0, 2, 3, 0, 0, 6, 7, 0, 0));
}

TEST(KerasOperators, DenseMultipliesFeaturesByUnits) {
  const auto values =
      OutputOf([](KerasBuilder& b,
                  KerasTensor x) { return b.Dense("d", b.GlobalAveragePooling2D("g", x), 2); },
               {{"d/kernel", {1, 2, 10, 20, 100, 300}}, {"d/bias", {0.5f, 0}}});
  EXPECT_THAT(values, ElementsAre(8.5f + 10 - 850 + 0.5f, 17 + 20 - 2550));
}

TEST(KerasOperators, SoftmaxGoesOverTheClasses) {
  const auto values = OutputOf(
      [](KerasBuilder& b, KerasTensor x) {
        return b.Dense("d", b.GlobalAveragePooling2D("g", x), 2, kSoftmax);
      },
      {{"d/kernel", Values(6, 0)}, {"d/bias", {0, std::log(3.0f)}}});
  EXPECT_THAT(values, Pointwise(FloatNear(1e-6f), Values{0.25f, 0.75f}));
}

TEST(KerasOperators, FlattenGoesChannelByChannel) {
  const auto values = OutputOf([](KerasBuilder& b, KerasTensor x) { return b.Flatten("f", x); });
  EXPECT_EQ(values, Image());
}

TEST(KerasOperators, ReshapeAndDropoutChangeNoValue) {
  const auto values = OutputOf([](KerasBuilder& b, KerasTensor x) {
    x = b.Reshape("r", b.GlobalAveragePooling2D("g", x), {3, 1, 1});
    return b.Reshape("s", b.Dropout("d", x), {3});
  });
  EXPECT_THAT(values, ElementsAre(8.5f, 1, -8.5f));
}

TEST(KerasOperators, MergesTakeTheirInputsInOrder) {
  const auto sum = OutputOf([](KerasBuilder& b, KerasTensor x) {
    return b.Add("a", {b.Activation("r", x, kRelu), x});
  });
  EXPECT_EQ(sum.front(), 2);
  EXPECT_EQ(sum.back(), -16);
  const auto both = OutputOf([](KerasBuilder& b, KerasTensor x) {
    return b.Concatenate("c", {b.Activation("r", x, kRelu), x});
  });
  EXPECT_THAT(Part(both, 2, 6), Each(0));
  EXPECT_THAT(Part(both, 1, 2), ElementsAreArray(Image()));
  const auto scaled = OutputOf([](KerasBuilder& b, KerasTensor x) {
    return b.Lambda("l", b.Activation("r", x, kRelu), x, 0.5f);
  });
  EXPECT_EQ(scaled.front(), 1.5f);
  EXPECT_EQ(scaled.back(), -8);
}

}  // namespace
}  // namespace scission
