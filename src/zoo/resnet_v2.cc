#include <array>

#include "zoo/architectures.h"

namespace scission {
namespace {

constexpr BatchNormOptions kBatchNorm{.epsilon = 1.001e-5};
constexpr int kStages = 4;

KerasTensor BnRelu(KerasBuilder& b, const std::string& name, KerasTensor x) {
  x = b.BatchNormalization(name + "_bn", x, kBatchNorm);
  return b.Activation(name + "_relu", x, kRelu);
}

/// Beside the bottleneck: a projection of the activated input, or the input itself, every second
/// pixel of it where the bottleneck has a stride.
KerasTensor Shortcut(KerasBuilder& b, const std::string& name, KerasTensor x, KerasTensor activated,
                     int filters, int stride, bool projects) {
  if (projects) return b.Conv2D(name + "_0_conv", activated, 4 * filters, 1, {.stride = stride});
  return stride > 1 ? b.MaxPooling2D(kUnnamed, x, 1, {.stride = stride}) : x;
}

/// Figure 1 (b) with the bottleneck of the first paper: activation comes before weights; the stride
/// is on the 3x3 convolution.
KerasTensor Bottleneck(KerasBuilder& b, const std::string& name, KerasTensor input, int filters,
                       int stride, bool projects) {
  const KerasTensor activated = BnRelu(b, name + "_preact", input);
  const KerasTensor shortcut = Shortcut(b, name, input, activated, filters, stride, projects);
  KerasTensor x = b.Conv2D(name + "_1_conv", activated, filters, 1, {.bias = false});
  x = BnRelu(b, name + "_1", x);
  x = b.ZeroPadding2D(name + "_2_pad", x, 1);
  x = b.Conv2D(name + "_2_conv", x, filters, 3, {.stride = stride, .bias = false});
  x = BnRelu(b, name + "_2", x);
  x = b.Conv2D(name + "_3_conv", x, 4 * filters, 1);
  return b.Add(name + "_out", {shortcut, x});
}

/// Unlike in the first version, the last block of a stage has the stride.
KerasTensor Stage(KerasBuilder& b, const std::string& name, KerasTensor x, int filters, int blocks,
                  int stride) {
  for (int i = 1; i <= blocks; ++i) {
    const std::string block = name + "_block" + std::to_string(i);
    x = Bottleneck(b, block, x, filters, i == blocks ? stride : 1, i == 1);
  }
  return x;
}

KerasTensor ResNetV2(KerasBuilder& b, KerasTensor x, const std::array<int, kStages>& blocks) {
  x = b.ZeroPadding2D("conv1_pad", x, 3);
  x = b.Conv2D("conv1_conv", x, 64, 7, {.stride = 2});
  x = b.ZeroPadding2D("pool1_pad", x, 1);
  x = b.MaxPooling2D("pool1_pool", x, 3, {.stride = 2});
  x = Stage(b, "conv2", x, 64, blocks[0], 2);
  x = Stage(b, "conv3", x, 128, blocks[1], 2);
  x = Stage(b, "conv4", x, 256, blocks[2], 2);
  x = Stage(b, "conv5", x, 512, blocks[3], 1);
  x = BnRelu(b, "post", x);
  x = b.GlobalAveragePooling2D("avg_pool", x);
  return b.Dense("predictions", x, 1000, kSoftmax);
}

}  // namespace

KerasTensor ResNet50V2(KerasBuilder& b, KerasTensor image) {
  return ResNetV2(b, image, {3, 4, 6, 3});
}
KerasTensor ResNet101V2(KerasBuilder& b, KerasTensor image) {
  return ResNetV2(b, image, {3, 4, 23, 3});
}
KerasTensor ResNet152V2(KerasBuilder& b, KerasTensor image) {
  return ResNetV2(b, image, {3, 8, 36, 3});
}

}  // namespace scission
