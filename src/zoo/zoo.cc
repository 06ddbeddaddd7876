#include "zoo/zoo.h"

#include <algorithm>

#include "zoo/architectures.h"

namespace scission {
namespace {

constexpr auto kCaffe = Preprocessing::kCaffe;
constexpr auto kTf = Preprocessing::kTf;
constexpr auto kTorch = Preprocessing::kTorch;

constexpr ZooEntry kZoo[] = {
    {"vgg16", 23, 138357544, 224, kCaffe, Vgg16},
    {"vgg19", 26, 143667240, 224, kCaffe, Vgg19},
    {"xception", 134, 22910480, 299, kTf, Xception},
    {"resnet50", 177, 25636712, 224, kCaffe, ResNet50},
    {"resnet101", 347, 44707176, 224, kCaffe, ResNet101},
    {"resnet152", 517, 60419944, 224, kCaffe, ResNet152},
    {"resnet50v2", 192, 25613800, 224, kTf, ResNet50V2},
    {"resnet101v2", 379, 44675560, 224, kTf, ResNet101V2},
    {"resnet152v2", 566, 60380648, 224, kTf, ResNet152V2},
    {"inception_v3", 313, 23851784, 299, kTf, InceptionV3},
    {"inceptionresnet_v2", 782, 55873736, 299, kTf, InceptionResNetV2},
    {"mobilenet", 92, 4253864, 224, kTf, MobileNet},
    {"mobilenetv2", 156, 3538984, 224, kTf, MobileNetV2},
    {"densenet121", 429, 8062504, 224, kTorch, DenseNet121},
    {"densenet169", 597, 14307880, 224, kTorch, DenseNet169},
    {"densenet201", 709, 20242984, 224, kTorch, DenseNet201},
    {"nasnetlarge", 1041, 88949818, 331, kTf, NasNetLarge},
    {"nasnetmobile", 771, 5326716, 224, kTf, NasNetMobile},
};

}  // namespace

std::span<const ZooEntry> Zoo() { return kZoo; }

const ZooEntry* FindZooModel(std::string_view name) {
  const auto* entry = std::ranges::find(kZoo, name, &ZooEntry::name);
  return entry == std::end(kZoo) ? nullptr : entry;
}

}  // namespace scission
