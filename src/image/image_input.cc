#include "image/image_input.h"

#include <array>

#include "base/file.h"

namespace scission {
namespace {

/// A channel of the tensor: (value of the colour - mean) / deviation.
struct Channel {
  int colour;  // 0 red, 1 green, 2 blue
  float mean;
  float deviation;
};

std::array<Channel, 3> ChannelsOf(Preprocessing mode) {
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

std::vector<float> LoadImage(const std::filesystem::path& file, int height, int width,
                             Preprocessing mode) {
  const Picture picture = DecodePicture(file.string(), ReadFile(file));
  return Preprocess(Resize(picture, height, width), mode);
}

}  // namespace scission
