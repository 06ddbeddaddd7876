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

/// Figure 5 of the paper: 35 x 35.
KerasTensor InceptionA(KerasBuilder& b, const std::string& name, KerasTensor x, int pool_filters) {
  const KerasTensor one = ConvBnRelu(b, x, 64, 1);
  KerasTensor five = ConvBnRelu(b, x, 48, 1);
  five = ConvBnRelu(b, five, 64, 5);
  KerasTensor twice_three = ConvBnRelu(b, x, 64, 1);
  twice_three = ConvBnRelu(b, twice_three, 96, 3);
  twice_three = ConvBnRelu(b, twice_three, 96, 3);
  const KerasTensor pool = PoolProject(b, x, pool_filters);
  return b.Concatenate(name, {one, five, twice_three, pool});
}

/// Figure 10: to 17 x 17.
KerasTensor ReductionA(KerasBuilder& b, const std::string& name, KerasTensor x) {
  const KerasTensor three = Reduce(b, x, 384);
  KerasTensor twice_three = ConvBnRelu(b, x, 64, 1);
  twice_three = ConvBnRelu(b, twice_three, 96, 3);
  twice_three = Reduce(b, twice_three, 96);
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

KerasTensor Stem(KerasBuilder& b, KerasTensor x) {
  x = Reduce(b, x, 32);
  x = ConvBnRelu(b, x, 32, 3, 1, kValid);
  x = ConvBnRelu(b, x, 64, 3);
  x = MaxPool(b, x);
  x = ConvBnRelu(b, x, 80, 1, 1, kValid);
  x = ConvBnRelu(b, x, 192, 3, 1, kValid);
  return MaxPool(b, x);
}

}  // namespace

KerasTensor InceptionV3(KerasBuilder& b, KerasTensor image) {
  KerasTensor x = Stem(b, image);
  x = InceptionA(b, "mixed0", x, 32);
  x = InceptionA(b, "mixed1", x, 64);
  x = InceptionA(b, "mixed2", x, 64);
  x = ReductionA(b, "mixed3", x);
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

}  // namespace scission
