// Inception v3, and Inception-ResNet v2, which begins in the same way.
#include <array>

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

KerasTensor PoolProject(KerasBuilder& b, KerasTensor x, int filters) {
  x = b.AveragePooling2D(kUnnamed, x, 3, {.stride = 1, .padding = kSame});
  return ConvBnRelu(b, x, filters, 1);
}

/// To 35 x 35.
KerasTensor Stem(KerasBuilder& b, KerasTensor x) {
  x = Reduce(b, x, 32);
  x = ConvBnRelu(b, x, 32, 3, 1, kValid);
  x = ConvBnRelu(b, x, 64, 3);
  x = MaxPool(b, x);
  x = ConvBnRelu(b, x, 80, 1, 1, kValid);
  x = ConvBnRelu(b, x, 192, 3, 1, kValid);
  return MaxPool(b, x);
}

/// 35 x 35: figure 5 of the paper on Inception v3.
KerasTensor InceptionA(KerasBuilder& b, const std::string& name, KerasTensor x, int filters,
                       int pool_filters) {
  const KerasTensor one = ConvBnRelu(b, x, filters, 1);
  KerasTensor five = ConvBnRelu(b, x, 48, 1);
  five = ConvBnRelu(b, five, 64, 5);
  KerasTensor twice_three = ConvBnRelu(b, x, 64, 1);
  twice_three = ConvBnRelu(b, twice_three, 96, 3);
  twice_three = ConvBnRelu(b, twice_three, 96, 3);
  const KerasTensor pool = PoolProject(b, x, pool_filters);
  return b.Concatenate(name, {one, five, twice_three, pool});
}

/// To 17 x 17: figure 10. `filters` of the three convolutions one after the other.
KerasTensor ReductionA(KerasBuilder& b, const std::string& name, KerasTensor x,
                       const std::array<int, 3>& filters) {
  const KerasTensor three = Reduce(b, x, 384);
  KerasTensor twice_three = ConvBnRelu(b, x, filters[0], 1);
  twice_three = ConvBnRelu(b, twice_three, filters[1], 3);
  twice_three = Reduce(b, twice_three, filters[2]);
  return b.Concatenate(name, {three, twice_three, MaxPool(b, x)});
}

/// Figure 6: 17 x 17, 7x7 convolutions as 1x7 and 7x1.
KerasTensor InceptionB(KerasBuilder& b, const std::string& name, KerasTensor x, int filters) {
  const KerasTensor one = ConvBnRelu(b, x, 192, 1);
  KerasTensor seven = ConvBnRelu(b, x, filters, 1);
  seven = ConvBnRelu(b, seven, filters, {1, 7});
  seven = ConvBnRelu(b, seven, 192, {7, 1});
  KerasTensor twice_seven = ConvBnRelu(b, x, filters, 1);
  twice_seven = ConvBnRelu(b, twice_seven, filters, {7, 1});
  twice_seven = ConvBnRelu(b, twice_seven, filters, {1, 7});
  twice_seven = ConvBnRelu(b, twice_seven, filters, {7, 1});
  twice_seven = ConvBnRelu(b, twice_seven, 192, {1, 7});
  const KerasTensor pool = PoolProject(b, x, 192);
  return b.Concatenate(name, {one, seven, twice_seven, pool});
}

/// To 8 x 8.
KerasTensor ReductionB(KerasBuilder& b, const std::string& name, KerasTensor x) {
  KerasTensor three = ConvBnRelu(b, x, 192, 1);
  three = Reduce(b, three, 320);
  KerasTensor seven = ConvBnRelu(b, x, 192, 1);
  seven = ConvBnRelu(b, seven, 192, {1, 7});
  seven = ConvBnRelu(b, seven, 192, {7, 1});
  seven = Reduce(b, seven, 192);
  return b.Concatenate(name, {three, seven, MaxPool(b, x)});
}

KerasTensor Fork(KerasBuilder& b, const std::string& name, KerasTensor x) {
  const KerasTensor row = ConvBnRelu(b, x, 384, {1, 3});
  const KerasTensor column = ConvBnRelu(b, x, 384, {3, 1});
  return b.Concatenate(name, {row, column});
}

/// Figure 7: 8 x 8, 1x3 beside 3x1. Of its two inner concatenations Keras names the first.
KerasTensor InceptionC(KerasBuilder& b, int number, KerasTensor x) {
  const KerasTensor one = ConvBnRelu(b, x, 320, 1);
  KerasTensor three = ConvBnRelu(b, x, 384, 1);
  three = Fork(b, "mixed9_" + std::to_string(number), three);
  KerasTensor twice_three = ConvBnRelu(b, x, 448, 1);
  twice_three = ConvBnRelu(b, twice_three, 384, 3);
  twice_three = Fork(b, kUnnamed, twice_three);
  const KerasTensor pool = PoolProject(b, x, 192);
  return b.Concatenate("mixed" + std::to_string(9 + number), {one, three, twice_three, pool});
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

/// 35 x 35: figure 16 of the paper on Inception-ResNet.
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

KerasTensor InceptionV3(KerasBuilder& b, KerasTensor image) {
  KerasTensor x = Stem(b, image);
  x = InceptionA(b, "mixed0", x, 64, 32);
  x = InceptionA(b, "mixed1", x, 64, 64);
  x = InceptionA(b, "mixed2", x, 64, 64);
  x = ReductionA(b, "mixed3", x, {64, 96, 96});
  x = InceptionB(b, "mixed4", x, 128);
  x = InceptionB(b, "mixed5", x, 160);
  x = InceptionB(b, "mixed6", x, 160);
  x = InceptionB(b, "mixed7", x, 192);
  x = ReductionB(b, "mixed8", x);
  x = InceptionC(b, 0, x);
  x = InceptionC(b, 1, x);
  x = b.GlobalAveragePooling2D("avg_pool", x);
  return b.Dense("predictions", x, 1000, kSoftmax);
}

KerasTensor InceptionResNetV2(KerasBuilder& b, KerasTensor image) {
  KerasTensor x = InceptionA(b, "mixed_5b", Stem(b, image), 96, 64);
  for (int i = 1; i <= 10; ++i) x = Block35(b, i, x);
  x = ReductionA(b, "mixed_6a", x, {256, 256, 384});
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
