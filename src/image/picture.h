// Image files as untrusted input, and their pixels.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scission {

/// Pixels in rows from the top, each three bytes: red, green, blue.
struct Picture {
  int height = 0;
  int width = 0;
  std::vector<std::uint8_t> rgb;  ///< height * width * 3
};

/// The picture in `bytes`, the contents of the JPEG, PNG or BMP file `file`. Grey is spread to the
/// three colours, alpha is dropped, 16 bits are cut to 8. Throws InputError naming `file` if it is
/// none of these, damaged, cut short, or of more than 64 million pixels (refused before decoding).
Picture DecodePicture(const std::string& file, std::string_view bytes);

/// `picture` stretched to `height` x `width`, both positive; averaged where it shrinks.
Picture Resize(const Picture& picture, int height, int width);

}  // namespace scission
