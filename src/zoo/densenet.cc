#include <array>

#include "zoo/architectures.h"

namespace scission {
namespace {

constexpr BatchNormOptions kBatchNorm{.epsilon = 1.001e-5};
constexpr int kGrowthRate = 32;
constexpr int kDenseBlocks = 4;

KerasTensor BnRelu(KerasBuilder& b, const std::string& bn, const std::string& relu, KerasTensor x) {
  return b.Activation(relu, b.BatchNormalization(bn, x, kBatchNorm), kRelu);
}

/// The bottleneck layer ("DenseNet-B"): its features are put behind those that came in.
KerasTensor DenseLayer(KerasBuilder& b, const std::string& name, KerasTensor input) {
  KerasTensor x = BnRelu(b, name + "_0_bn", name + "_0_relu", input);
  x = b.Conv2D(name + "_1_conv", x, 4 * kGrowthRate, 1, {.bias = false});
  x = BnRelu(b, name + "_1_bn", name + "_1_relu", x);
  x = b.Conv2D(name + "_2_conv", x, kGrowthRate, 3, {.padding = kSame, .bias = false});
  return b.Concatenate(name + "_concat", {input, x});
}

KerasTensor DenseBlock(KerasBuilder& b, const std::string& name, KerasTensor x, int layers) {
  for (int i = 1; i <= layers; ++i) x = DenseLayer(b, name + "_block" + std::to_string(i), x);
  return x;
}

/// Half of the channels ("DenseNet-C"), half of the height and width.
KerasTensor Transition(KerasBuilder& b, const std::string& name, KerasTensor x) {
  x = BnRelu(b, name + "_bn", name + "_relu", x);
  x = b.Conv2D(name + "_conv", x, b.ChannelsOf(x) / 2, 1, {.bias = false});
  return b.AveragePooling2D(name + "_pool", x, 2);
}

KerasTensor DenseNet(KerasBuilder& b, KerasTensor x, const std::array<int, kDenseBlocks>& layers) {
  x = b.ZeroPadding2D(kUnnamed, x, 3);
  x = b.Conv2D("conv1/conv", x, 64, 7, {.stride = 2, .bias = false});
  x = BnRelu(b, "conv1/bn", "conv1/relu", x);
  x = b.ZeroPadding2D(kUnnamed, x, 1);
  x = b.MaxPooling2D("pool1", x, 3, {.stride = 2});
  for (int i = 0; i < kDenseBlocks; ++i) {
    const std::string number = std::to_string(i + 2);
    x = DenseBlock(b, "conv" + number, x, layers[i]);
    if (i + 1 < kDenseBlocks) x = Transition(b, "pool" + number, x);
  }
  x = BnRelu(b, "bn", "relu", x);
  x = b.GlobalAveragePooling2D("avg_pool", x);
  return b.Dense("predictions", x, 1000, kSoftmax);
}

}  // namespace

KerasTensor DenseNet121(KerasBuilder& b, KerasTensor image) {
  return DenseNet(b, image, {6, 12, 24, 16});
}
KerasTensor DenseNet169(KerasBuilder& b, KerasTensor image) {
  return DenseNet(b, image, {6, 12, 32, 32});
}
KerasTensor DenseNet201(KerasBuilder& b, KerasTensor image) {
  return DenseNet(b, image, {6, 12, 48, 32});
}

}  // namespace scission
