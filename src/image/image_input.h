// From an image file to the values that a model reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "image/picture.h"
#include "image/preprocessing.h"

namespace scission {

/// The values of `picture` as `mode` wants them, planar: 3 x height x width.
std::vector<float> Preprocess(const Picture& picture, Preprocessing mode);

/// How an image lies in a tensor: N x 3 x height x width, or N x height x width x 3.
struct ImageLayout {
  std::int64_t batch = 1;
  bool channels_first = true;
  int height = 0;
  int width = 0;
};

/// That of a tensor of `shape`; nothing where no image fits it.
std::optional<ImageLayout> ImageLayoutOf(const std::vector<std::int64_t>& shape);

/// The values of `picture`, stretched to the size of `layout`, the same for each of the batch.
std::vector<float> ImageTensor(const Picture& picture, const ImageLayout& layout,
                               Preprocessing mode);

/// The same of the image `file` (JPEG, PNG, BMP). Throws InputError naming `file` where it cannot
/// be read or is no such image.
std::vector<float> LoadImage(const std::filesystem::path& file, const ImageLayout& layout,
                             Preprocessing mode);

}  // namespace scission
