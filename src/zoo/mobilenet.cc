#include "zoo/architectures.h"

namespace scission {
namespace {

constexpr float kMaxValue = 6;

/// A row of table 1: a separable convolution.
struct Block {
  int filters;
  int stride;
};
constexpr Block kBlocks[] = {{64, 1},  {128, 2}, {128, 1}, {256, 2}, {256, 1},  {512, 2}, {512, 1},
                             {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1}};

KerasTensor BnRelu6(KerasBuilder& b, const std::string& name, KerasTensor x) {
  return b.ReLU(name + "_relu", b.BatchNormalization(name + "_bn", x), kMaxValue);
}

/// 3x3 for each channel, then 1x1 over the channels. With a stride, Keras pads by a layer of its
/// own.
KerasTensor Separable(KerasBuilder& b, const std::string& number, KerasTensor x,
                      const Block& block) {
  Padding padding = kSame;
  if (block.stride == 2) {
    x = b.ZeroPadding2D("conv_pad_" + number, x, {0, 1, 0, 1});
    padding = kValid;
  }
  const std::string depthwise = "conv_dw_" + number;
  const std::string pointwise = "conv_pw_" + number;
  x = b.DepthwiseConv2D(depthwise, x, 3,
                        {.stride = block.stride, .padding = padding, .bias = false});
  x = BnRelu6(b, depthwise, x);
  x = b.Conv2D(pointwise, x, block.filters, 1, {.padding = kSame, .bias = false});
  return BnRelu6(b, pointwise, x);
}

}  // namespace

KerasTensor MobileNet(KerasBuilder& b, KerasTensor image) {
  KerasTensor x = b.Conv2D("conv1", image, 32, 3, {.stride = 2, .padding = kSame, .bias = false});
  x = BnRelu6(b, "conv1", x);
  int number = 0;
  for (const Block& block : kBlocks) x = Separable(b, std::to_string(++number), x, block);
  // The classifier is a convolution of 1x1, in what Keras calls images of one pixel.
  x = b.GlobalAveragePooling2D(kUnnamed, x);
  x = b.Reshape("reshape_1", x, {1024, 1, 1});
  x = b.Dropout("dropout", x);
  x = b.Conv2D("conv_preds", x, 1000, 1, {.padding = kSame});
  x = b.Reshape("reshape_2", x, {1000});
  return b.Activation("predictions", x, kSoftmax);
}

}  // namespace scission
