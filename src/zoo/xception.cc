#include "zoo/architectures.h"

namespace scission {
namespace {

constexpr int kMiddleFilters = 728;
constexpr int kMiddleBlocks = 8;

std::string BlockName(int number) { return "block" + std::to_string(number); }

KerasTensor ConvBnRelu(KerasBuilder& b, const std::string& name, KerasTensor x, int filters,
                       int stride) {
  x = b.Conv2D(name, x, filters, 3, {.stride = stride, .bias = false});
  x = b.BatchNormalization(name + "_bn", x);
  return b.Activation(name + "_act", x, kRelu);
}

KerasTensor SeparableBn(KerasBuilder& b, const std::string& name, KerasTensor x, int filters) {
  x = b.SeparableConv2D(name, x, filters, 3, {.padding = kSame, .bias = false});
  return b.BatchNormalization(name + "_bn", x);
}

KerasTensor ReluSeparableBn(KerasBuilder& b, const std::string& name, KerasTensor x, int filters) {
  return SeparableBn(b, name, b.Activation(name + "_act", x, kRelu), filters);
}

/// Of the entry and exit flow: half of the height and width, beside a projection. The first block
/// of the entry flow gets its input activated.
KerasTensor ReductionBlock(KerasBuilder& b, int number, KerasTensor input, int first_filters,
                           int filters) {
  const std::string name = BlockName(number);
  KerasTensor shortcut =
      b.Conv2D(kUnnamed, input, filters, 1, {.stride = 2, .padding = kSame, .bias = false});
  shortcut = b.BatchNormalization(kUnnamed, shortcut);
  const auto first = number == 2 ? SeparableBn : ReluSeparableBn;
  KerasTensor x = first(b, name + "_sepconv1", input, first_filters);
  x = ReluSeparableBn(b, name + "_sepconv2", x, filters);
  x = b.MaxPooling2D(name + "_pool", x, 3, {.stride = 2, .padding = kSame});
  return b.Add(kUnnamed, {x, shortcut});
}

KerasTensor MiddleBlock(KerasBuilder& b, int number, KerasTensor input) {
  KerasTensor x = input;
  for (int i = 1; i <= 3; ++i) {
    const std::string name = BlockName(number) + "_sepconv" + std::to_string(i);
    x = ReluSeparableBn(b, name, x, kMiddleFilters);
  }
  return b.Add(kUnnamed, {x, input});
}

/// Of the end, where the activation is behind.
KerasTensor SeparableBnRelu(KerasBuilder& b, const std::string& name, KerasTensor x, int filters) {
  return b.Activation(name + "_act", SeparableBn(b, name, x, filters), kRelu);
}

}  // namespace

KerasTensor Xception(KerasBuilder& b, KerasTensor image) {
  KerasTensor x = ConvBnRelu(b, "block1_conv1", image, 32, 2);
  x = ConvBnRelu(b, "block1_conv2", x, 64, 1);
  x = ReductionBlock(b, 2, x, 128, 128);
  x = ReductionBlock(b, 3, x, 256, 256);
  x = ReductionBlock(b, 4, x, kMiddleFilters, kMiddleFilters);
  for (int i = 0; i < kMiddleBlocks; ++i) x = MiddleBlock(b, 5 + i, x);
  x = ReductionBlock(b, 13, x, kMiddleFilters, 1024);
  x = SeparableBnRelu(b, "block14_sepconv1", x, 1536);
  x = SeparableBnRelu(b, "block14_sepconv2", x, 2048);
  x = b.GlobalAveragePooling2D("avg_pool", x);
  return b.Dense("predictions", x, 1000, kSoftmax);
}

}  // namespace scission
