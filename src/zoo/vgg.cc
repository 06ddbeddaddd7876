#include <array>

#include "zoo/architectures.h"

namespace scission {
namespace {

constexpr int kBlocks = 5;
constexpr std::array<int, kBlocks> kFilters{64, 128, 256, 512, 512};

KerasTensor Block(KerasBuilder& b, const std::string& name, KerasTensor x, int filters,
                  int convolutions) {
  for (int i = 1; i <= convolutions; ++i) {
    x = b.Conv2D(name + "_conv" + std::to_string(i), x, filters, 3,
                 {.padding = kSame, .activation = kRelu});
  }
  return b.MaxPooling2D(name + "_pool", x, 2);
}

KerasTensor Vgg(KerasBuilder& b, KerasTensor x, const std::array<int, kBlocks>& convolutions) {
  for (int i = 0; i < kBlocks; ++i) {
    x = Block(b, "block" + std::to_string(i + 1), x, kFilters[i], convolutions[i]);
  }
  x = b.Flatten("flatten", x);
  x = b.Dense("fc1", x, 4096, kRelu);
  x = b.Dense("fc2", x, 4096, kRelu);
  return b.Dense("predictions", x, 1000, kSoftmax);
}

}  // namespace

KerasTensor Vgg16(KerasBuilder& b, KerasTensor image) { return Vgg(b, image, {2, 2, 3, 3, 3}); }
KerasTensor Vgg19(KerasBuilder& b, KerasTensor image) { return Vgg(b, image, {2, 2, 4, 4, 4}); }

}  // namespace scission
