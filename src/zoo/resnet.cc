#include <array>

#include "zoo/architectures.h"

namespace scission {
namespace {

constexpr double kEpsilon = 1.001e-5;
constexpr int kStages = 4;

KerasTensor ConvBn(KerasBuilder& b, const std::string& name, KerasTensor x, int filters,
                   Extent kernel, const ConvOptions& options = {}) {
  x = b.Conv2D(name + "_conv", x, filters, kernel, options);
  return b.BatchNormalization(name + "_bn", x, {.epsilon = kEpsilon});
}

KerasTensor ConvBnRelu(KerasBuilder& b, const std::string& name, KerasTensor x, int filters,
                       Extent kernel, const ConvOptions& options = {}) {
  return b.Activation(name + "_relu", ConvBn(b, name, x, filters, kernel, options), kRelu);
}

/// The bottleneck of figure 5, right: 1x1 down, 3x3, 1x1 up, beside a shortcut. The first of a
/// stage projects its shortcut, since size and channels change there; the stride is on its first
/// convolution.
KerasTensor Bottleneck(KerasBuilder& b, const std::string& name, KerasTensor x, int filters,
                       Extent stride, bool projects) {
  const KerasTensor shortcut =
      projects ? ConvBn(b, name + "_0", x, 4 * filters, 1, {.stride = stride}) : x;
  x = ConvBnRelu(b, name + "_1", x, filters, 1, {.stride = stride});
  x = ConvBnRelu(b, name + "_2", x, filters, 3, {.padding = kSame});
  x = ConvBn(b, name + "_3", x, 4 * filters, 1);
  x = b.Add(name + "_add", {shortcut, x});
  return b.Activation(name + "_out", x, kRelu);
}

KerasTensor Stage(KerasBuilder& b, const std::string& name, KerasTensor x, int filters, int blocks,
                  Extent stride) {
  x = Bottleneck(b, name + "_block1", x, filters, stride, true);
  for (int i = 2; i <= blocks; ++i) {
    x = Bottleneck(b, name + "_block" + std::to_string(i), x, filters, 1, false);
  }
  return x;
}

KerasTensor ResNet(KerasBuilder& b, KerasTensor x, const std::array<int, kStages>& blocks) {
  x = b.ZeroPadding2D("conv1_pad", x, 3);
  x = ConvBnRelu(b, "conv1", x, 64, 7, {.stride = 2});
  x = b.ZeroPadding2D("pool1_pad", x, 1);
  x = b.MaxPooling2D("pool1_pool", x, 3, {.stride = 2});
  x = Stage(b, "conv2", x, 64, blocks[0], 1);
  x = Stage(b, "conv3", x, 128, blocks[1], 2);
  x = Stage(b, "conv4", x, 256, blocks[2], 2);
  x = Stage(b, "conv5", x, 512, blocks[3], 2);
  x = b.GlobalAveragePooling2D("avg_pool", x);
  return b.Dense("predictions", x, 1000, kSoftmax);
}

}  // namespace

KerasTensor ResNet50(KerasBuilder& b, KerasTensor image) { return ResNet(b, image, {3, 4, 6, 3}); }
KerasTensor ResNet101(KerasBuilder& b, KerasTensor image) {
  return ResNet(b, image, {3, 4, 23, 3});
}
KerasTensor ResNet152(KerasBuilder& b, KerasTensor image) {
  return ResNet(b, image, {3, 8, 36, 3});
}

}  // namespace scission
