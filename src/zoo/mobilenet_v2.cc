#include "zoo/architectures.h"

namespace scission {
namespace {

constexpr float kMaxValue = 6;
constexpr int kExpansion = 6;

/// A row of table 2: `count` blocks of which the first has the stride.
struct Stage {
  int filters;
  int count;
  int stride;
};
constexpr Stage kStages[] = {{24, 2, 2}, {32, 3, 2},  {64, 4, 2},
                             {96, 3, 1}, {160, 3, 2}, {320, 1, 1}};

KerasTensor BnRelu6(KerasBuilder& b, const std::string& bn, const std::string& relu,
                    KerasTensor x) {
  return b.ReLU(relu, b.BatchNormalization(bn, x), kMaxValue);
}

/// 3x3. With a stride, Keras pads by a layer of its own; one row and column less at the top and
/// left where the size is even.
KerasTensor Depthwise(KerasBuilder& b, const std::string& block, KerasTensor x, int stride) {
  Padding padding = kSame;
  if (stride == 2) {
    const auto [height, width] = b.ExtentOf(x);
    x = b.ZeroPadding2D(block + "_pad", x, {height % 2, 1, width % 2, 1});
    padding = kValid;
  }
  const std::string name = block + "_depthwise";
  x = b.DepthwiseConv2D(name, x, 3, {.stride = stride, .padding = padding, .bias = false});
  return BnRelu6(b, name + "_BN", name + "_relu", x);
}

/// The linear bottleneck.
KerasTensor Project(KerasBuilder& b, const std::string& block, KerasTensor x, int filters) {
  x = b.Conv2D(block + "_project", x, filters, 1, {.bias = false});
  return b.BatchNormalization(block + "_project_BN", x);
}

/// Expand, filter per channel, project; a shortcut where the shapes allow it.
KerasTensor InvertedResidual(KerasBuilder& b, const std::string& block, KerasTensor input,
                             int filters, int stride) {
  const int channels = b.ChannelsOf(input);
  const std::string expand = block + "_expand";
  KerasTensor x = b.Conv2D(expand, input, kExpansion * channels, 1, {.bias = false});
  x = BnRelu6(b, expand + "_BN", expand + "_relu", x);
  x = Depthwise(b, block, x, stride);
  x = Project(b, block, x, filters);
  return stride == 1 && channels == filters ? b.Add(block + "_add", {input, x}) : x;
}

}  // namespace

KerasTensor MobileNetV2(KerasBuilder& b, KerasTensor image) {
  KerasTensor x = b.Conv2D("Conv1", image, 32, 3, {.stride = 2, .padding = kSame, .bias = false});
  x = BnRelu6(b, "bn_Conv1", "Conv1_relu", x);
  x = Depthwise(b, "expanded_conv", x, 1);
  x = Project(b, "expanded_conv", x, 16);
  int number = 0;
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.count; ++i) {
      const std::string block = "block_" + std::to_string(++number);
      x = InvertedResidual(b, block, x, stage.filters, i == 0 ? stage.stride : 1);
    }
  }
  x = b.Conv2D("Conv_1", x, 1280, 1, {.bias = false});
  x = BnRelu6(b, "Conv_1_bn", "out_relu", x);
  x = b.GlobalAveragePooling2D("global_average_pooling2d", x);
  return b.Dense("predictions", x, 1000, kSoftmax);
}

}  // namespace scission
