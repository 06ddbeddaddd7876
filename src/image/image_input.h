// From an image file to the values that a model reads.
#pragma once

#include <filesystem>
#include <vector>

#include "image/picture.h"
#include "image/preprocessing.h"

namespace scission {

/// The values of `picture` as `mode` wants them, planar: 3 x height x width.
std::vector<float> Preprocess(const Picture& picture, Preprocessing mode);

/// The image `file` (JPEG, PNG, BMP), stretched to `height` x `width`: one element of an NCHW
/// batch. Throws InputError naming `file` where it cannot be read or is no such image.
std::vector<float> LoadImage(const std::filesystem::path& file, int height, int width,
                             Preprocessing mode);

}  // namespace scission
