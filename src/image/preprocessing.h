// What a model expects of the values of its image.
#pragma once

#include <optional>
#include <string_view>

namespace scission {

/// How the values 0..255 of an image become a model's input; the modes of keras.applications.
enum class Preprocessing {
  kNone,   ///< RGB, x / 255
  kCaffe,  ///< BGR, x minus the mean of ImageNet: 103.939, 116.779, 123.68
  kTf,     ///< RGB, x / 127.5 - 1
  kTorch,  ///< RGB, x / 255, then ImageNet's mean subtracted and divided by its standard deviation
};

/// "none", "caffe", "tf" or "torch".
const char* Name(Preprocessing preprocessing);

/// The mode that `name` stands for, nothing where there is none.
std::optional<Preprocessing> ParsePreprocessing(std::string_view name);

}  // namespace scission
