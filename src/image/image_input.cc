#include "image/image_input.h"

#include <algorithm>
#include <array>

#include "base/file.h"

namespace scission {
namespace {

constexpr std::size_t kColours = 3;

/// A channel of the tensor: (value of the colour - mean) / deviation.
struct Channel {
  int colour;  // 0 red, 1 green, 2 blue
  float mean;
  float deviation;
};

std::array<Channel, kColours> ChannelsOf(Preprocessing mode) {
  switch (mode) {
    case Preprocessing::kCaffe:
      return {{{2, 103.939f, 1}, {1, 116.779f, 1}, {0, 123.68f, 1}}};
    case Preprocessing::kTf:
      return {{{0, 127.5f, 127.5f}, {1, 127.5f, 127.5f}, {2, 127.5f, 127.5f}}};
    case Preprocessing::kTorch:
      return {{{0, 255 * .485f, 255 * .229f},
               {1, 255 * .456f, 255 * .224f},
               {2, 255 * .406f, 255 * .225f}}};
    case Preprocessing::kNone:
      break;
  }
  return {{{0, 0, 255}, {1, 0, 255}, {2, 0, 255}}};
}

std::vector<float> ToChannelsLast(const std::vector<float>& planar) {
  std::vector<float> interleaved(planar.size());
  const std::size_t pixels = planar.size() / kColours;
  for (std::size_t i = 0; i < planar.size(); ++i) {
    interleaved[i % pixels * kColours + i / pixels] = planar[i];
  }
  return interleaved;
}

}  // namespace

std::vector<float> Preprocess(const Picture& picture, Preprocessing mode) {
  std::vector<float> values;
  values.reserve(picture.rgb.size());
  for (const Channel& channel : ChannelsOf(mode)) {
    for (std::size_t i = channel.colour; i < picture.rgb.size(); i += 3) {
      values.push_back((picture.rgb[i] - channel.mean) / channel.deviation);
    }
  }
  return values;
}

std::optional<ImageLayout> ImageLayoutOf(const std::vector<std::int64_t>& shape) {
  constexpr std::int64_t kMaxSide = 16384;
  constexpr auto kDepth = static_cast<std::int64_t>(kColours);
  const auto is_side = [](std::int64_t size) { return size > 0 && size <= kMaxSide; };
  if (shape.size() != 4) return std::nullopt;
  if (shape[1] == kDepth && is_side(shape[2]) && is_side(shape[3])) {
    return ImageLayout{shape[0], true, static_cast<int>(shape[2]), static_cast<int>(shape[3])};
  }
  if (shape[3] == kDepth && is_side(shape[1]) && is_side(shape[2])) {
    return ImageLayout{shape[0], false, static_cast<int>(shape[1]), static_cast<int>(shape[2])};
  }
  return std::nullopt;
}

std::vector<float> ImageTensor(const Picture& picture, const ImageLayout& layout,
                               Preprocessing mode) {
  std::vector<float> image = Preprocess(Resize(picture, layout.height, layout.width), mode);
  if (!layout.channels_first) image = ToChannelsLast(image);
  const std::size_t size = image.size();
  image.resize(size * static_cast<std::size_t>(layout.batch));
  for (std::size_t at = size; at < image.size(); at += size) {
    std::copy_n(image.begin(), size, image.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return image;
}

std::vector<float> LoadImage(const std::filesystem::path& file, const ImageLayout& layout,
                             Preprocessing mode) {
  return ImageTensor(DecodePicture(file.string(), ReadFile(file)), layout, mode);
}

}  // namespace scission
