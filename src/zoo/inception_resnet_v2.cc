#include "zoo/architectures.h"

namespace scission {
namespace {

KerasTensor ConvBnRelu(KerasBuilder& b, KerasTensor x, int filters, Extent kernel, int stride = 1,
                       Padding padding = kSame) {
  x = b.Conv2D(kUnnamed, x, filters, kernel, {.stride = stride, .padding = padding, .bias = false});
  x = b.BatchNormalization(kUnnamed, x, {.scale = false});
  return b.Activation(kUnnamed, x, kRelu);
}

/// 3x3, half of the height and width.
KerasTensor Reduce(KerasBuilder& b, KerasTensor x, int filters) {
  return ConvBnRelu(b, x, filters, 3, 2, kValid);
}

KerasTensor MaxPool(KerasBuilder& b, KerasTensor x) {
  return b.MaxPooling2D(kUnnamed, x, 3, {.stride = 2});
}

/// The residual part of a block: branches put together, projected to the channels that came in,
/// scaled down and added to what came in (figure 20 of the paper).
KerasTensor AddScaled(KerasBuilder& b, const std::string& name, KerasTensor input,
                      const std::vector<KerasTensor>& branches, float scale) {
  const KerasTensor mixed = b.Concatenate(name + "_mixed", branches);
  const KerasTensor residual =
      b.Conv2D(name + "_conv", mixed, b.ChannelsOf(input), 1, {.padding = kSame});
  return b.Lambda(name, input, residual, scale);
}

/// Figure 16: 35 x 35.
KerasTensor Block35(KerasBuilder& b, int number, KerasTensor input) {
  const std::string name = "block35_" + std::to_string(number);
  const KerasTensor one = ConvBnRelu(b, input, 32, 1);
  KerasTensor three = ConvBnRelu(b, input, 32, 1);
  three = ConvBnRelu(b, three, 32, 3);
  KerasTensor twice_three = ConvBnRelu(b, input, 32, 1);
  twice_three = ConvBnRelu(b, twice_three, 48, 3);
  twice_three = ConvBnRelu(b, twice_three, 64, 3);
  const KerasTensor x = AddScaled(b, name, input, {one, three, twice_three}, 0.17f);
  return b.Activation(name + "_ac", x, kRelu);
}

/// Figure 17: 17 x 17.
KerasTensor Block17(KerasBuilder& b, int number, KerasTensor input) {
  const std::string name = "block17_" + std::to_string(number);
  const KerasTensor one = ConvBnRelu(b, input, 192, 1);
  KerasTensor seven = ConvBnRelu(b, input, 128, 1);
  seven = ConvBnRelu(b, seven, 160, {1, 7});
  seven = ConvBnRelu(b, seven, 192, {7, 1});
  const KerasTensor x = AddScaled(b, name, input, {one, seven}, 0.1f);
  return b.Activation(name + "_ac", x, kRelu);
}

/// Figure 19: 8 x 8. The last of them is neither scaled down nor activated.
KerasTensor Block8(KerasBuilder& b, int number, KerasTensor input, bool is_last) {
  const std::string name = "block8_" + std::to_string(number);
  const KerasTensor one = ConvBnRelu(b, input, 192, 1);
  KerasTensor three = ConvBnRelu(b, input, 192, 1);
  three = ConvBnRelu(b, three, 224, {1, 3});
  three = ConvBnRelu(b, three, 256, {3, 1});
  const KerasTensor x = AddScaled(b, name, input, {one, three}, is_last ? 1 : 0.2f);
  return is_last ? x : b.Activation(name + "_ac", x, kRelu);
}

/// As in Inception v3, to 35 x 35.
KerasTensor Stem(KerasBuilder& b, KerasTensor x) {
  x = Reduce(b, x, 32);
  x = ConvBnRelu(b, x, 32, 3, 1, kValid);
  x = ConvBnRelu(b, x, 64, 3);
  x = MaxPool(b, x);
  x = ConvBnRelu(b, x, 80, 1, 1, kValid);
  x = ConvBnRelu(b, x, 192, 3, 1, kValid);
  return MaxPool(b, x);
}

KerasTensor Mixed5b(KerasBuilder& b, KerasTensor x) {
  const KerasTensor one = ConvBnRelu(b, x, 96, 1);
  KerasTensor five = ConvBnRelu(b, x, 48, 1);
  five = ConvBnRelu(b, five, 64, 5);
  KerasTensor twice_three = ConvBnRelu(b, x, 64, 1);
  twice_three = ConvBnRelu(b, twice_three, 96, 3);
  twice_three = ConvBnRelu(b, twice_three, 96, 3);
  KerasTensor pool = b.AveragePooling2D(kUnnamed, x, 3, {.stride = 1, .padding = kSame});
  pool = ConvBnRelu(b, pool, 64, 1);
  return b.Concatenate("mixed_5b", {one, five, twice_three, pool});
}

/// To 17 x 17.
KerasTensor Mixed6a(KerasBuilder& b, KerasTensor x) {
  const KerasTensor three = Reduce(b, x, 384);
  KerasTensor twice_three = ConvBnRelu(b, x, 256, 1);
  twice_three = ConvBnRelu(b, twice_three, 256, 3);
  twice_three = Reduce(b, twice_three, 384);
  return b.Concatenate("mixed_6a", {three, twice_three, MaxPool(b, x)});
}

/// Figure 18: to 8 x 8.
KerasTensor Mixed7a(KerasBuilder& b, KerasTensor x) {
  KerasTensor wide = ConvBnRelu(b, x, 256, 1);
  wide = Reduce(b, wide, 384);
  KerasTensor narrow = ConvBnRelu(b, x, 256, 1);
  narrow = Reduce(b, narrow, 288);
  KerasTensor twice_three = ConvBnRelu(b, x, 256, 1);
  twice_three = ConvBnRelu(b, twice_three, 288, 3);
  twice_three = Reduce(b, twice_three, 320);
  return b.Concatenate("mixed_7a", {wide, narrow, twice_three, MaxPool(b, x)});
}

}  // namespace

KerasTensor InceptionResNetV2(KerasBuilder& b, KerasTensor image) {
  KerasTensor x = Mixed5b(b, Stem(b, image));
  for (int i = 1; i <= 10; ++i) x = Block35(b, i, x);
  x = Mixed6a(b, x);
  for (int i = 1; i <= 20; ++i) x = Block17(b, i, x);
  x = Mixed7a(b, x);
  for (int i = 1; i <= 10; ++i) x = Block8(b, i, x, i == 10);
  x = b.Conv2D("conv_7b", x, 1536, 1, {.padding = kSame, .bias = false});
  x = b.BatchNormalization("conv_7b_bn", x, {.scale = false});
  x = b.Activation("conv_7b_ac", x, kRelu);
  x = b.GlobalAveragePooling2D("avg_pool", x);
  return b.Dense("predictions", x, 1000, kSoftmax);
}

}  // namespace scission
