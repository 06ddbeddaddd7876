// PNG and BMP by stb_image.
#include <algorithm>
#include <cstring>
#include <memory>

#include "image/decoders.h"
#include "image/stb.h"

namespace scission {
namespace {

constexpr int kColours = 3;

/// Feeds stb_image and remembers whether it asked for more than there is: its BMP decoder fills
/// what a cut-short file lacks with zeros and reports success.
struct Source {
  std::string_view left;
  bool ended_early = false;

  static int Read(void* user, char* data, int size) {
    auto& self = *static_cast<Source*>(user);
    if (self.left.empty()) self.ended_early = true;
    const std::size_t count = std::min(self.left.size(), static_cast<std::size_t>(size));
    std::memcpy(data, self.left.data(), count);
    self.left.remove_prefix(count);
    return static_cast<int>(count);
  }
  static void Skip(void* user, int count) {
    auto& self = *static_cast<Source*>(user);
    self.left.remove_prefix(
        std::min(self.left.size(), static_cast<std::size_t>(std::max(count, 0))));
  }
  static int AtEnd(void* user) { return static_cast<Source*>(user)->left.empty() ? 1 : 0; }
};

constexpr stbi_io_callbacks kCallbacks{Source::Read, Source::Skip, Source::AtEnd};

void CheckHeader(const std::string& file, std::string_view bytes) {
  Source source{bytes};
  int width = 0;
  int height = 0;
  if (!stbi_info_from_callbacks(&kCallbacks, &source, &width, &height, nullptr)) {
    FailUnknownFormat(file);
  }
  CheckSize(file, width, height);
  // At least a bit a pixel; without this a small file costs the time of a huge picture.
  const bool is_bmp = bytes.starts_with("BM");
  if (is_bmp && static_cast<std::size_t>(width) * height / 8 > bytes.size()) FailEndsEarly(file);
}

}  // namespace

Picture DecodePngOrBmp(const std::string& file, std::string_view bytes) {
  CheckHeader(file, bytes);
  Source source{bytes};
  Picture picture;
  const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> pixels(
      stbi_load_from_callbacks(&kCallbacks, &source, &picture.width, &picture.height, nullptr,
                               kColours),
      &stbi_image_free);
  if (source.ended_early) FailEndsEarly(file);
  if (!pixels) FailDamaged(file, stbi_failure_reason());
  const auto size = static_cast<std::size_t>(picture.width) * picture.height * kColours;
  picture.rgb.assign(pixels.get(), pixels.get() + size);
  return picture;
}

}  // namespace scission
