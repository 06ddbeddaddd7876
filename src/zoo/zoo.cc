#include "zoo/zoo.h"

#include <algorithm>

#include "zoo/architectures.h"

namespace scission {
namespace {

constexpr auto kCaffe = Preprocessing::kCaffe;
constexpr auto kTf = Preprocessing::kTf;

constexpr ZooEntry kZoo[] = {
    {"mobilenetv2", 156, 3538984, 224, kTf, MobileNetV2},
    {"resnet50", 177, 25636712, 224, kCaffe, ResNet50},
    {"vgg19", 26, 143667240, 224, kCaffe, Vgg19},
};

}  // namespace

std::span<const ZooEntry> Zoo() { return kZoo; }

const ZooEntry* FindZooModel(std::string_view name) {
  const auto* entry = std::ranges::find(kZoo, name, &ZooEntry::name);
  return entry == std::end(kZoo) ? nullptr : entry;
}

}  // namespace scission
