#include "image/picture.h"

#include <fmt/format.h>

#include <stdexcept>

#include "base/error.h"
#include "image/decoders.h"
#include "image/stb.h"

namespace scission {
namespace {

constexpr long long kMaxMegapixels = 64;

}  // namespace

Picture DecodePicture(const std::string& file, std::string_view bytes) {
  if (bytes.empty()) throw InputError(file, "is empty, not an image");
  return IsJpeg(bytes) ? DecodeJpeg(file, bytes) : DecodePngOrBmp(file, bytes);
}

void CheckSize(const std::string& file, long long width, long long height) {
  if (width > 0 && height > 0 && width * height <= kMaxMegapixels * 1'000'000) return;
  throw InputError(file, fmt::format("is an image of {} x {} pixels, at most {} million are read",
                                     width, height, kMaxMegapixels));
}

void FailUnknownFormat(const std::string& file) {
  throw InputError(file, "is not a JPEG, PNG or BMP image");
}

void FailEndsEarly(const std::string& file) {
  throw InputError(file, "is an image that ends too early");
}

void FailDamaged(const std::string& file, const char* reason) {
  throw InputError(file, fmt::format("is an image that cannot be decoded ({})", reason));
}

Picture Resize(const Picture& picture, int height, int width) {
  if (picture.height == height && picture.width == width) return picture;
  constexpr int kColours = 3;
  Picture resized{height, width, {}};
  resized.rgb.resize(static_cast<std::size_t>(height) * width * kColours);
  const int done = stbir_resize_uint8(picture.rgb.data(), picture.width, picture.height, 0,
                                      resized.rgb.data(), width, height, 0, kColours);
  if (done == 0) throw std::runtime_error("stb_image_resize failed");
  return resized;
}

}  // namespace scission
