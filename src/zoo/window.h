// Sliding windows: the arithmetic that convolutions and poolings share.
#pragma once

namespace scission {

/// Height and width. An integer stands for a square.
struct Extent {
  int height;
  int width;

  constexpr Extent(int side) : height(side), width(side) {}  // NOLINT(google-explicit-constructor)
  constexpr Extent(int h, int w) : height(h), width(w) {}
  bool operator==(const Extent&) const = default;
};

/// Rows and columns around an image. An integer stands for the same on every side.
struct Border {
  int top;
  int bottom;
  int left;
  int right;

  constexpr Border(int side)  // NOLINT(google-explicit-constructor)
      : top(side), bottom(side), left(side), right(side) {}
  constexpr Border(int t, int b, int l, int r) : top(t), bottom(b), left(l), right(r) {}
  bool operator==(const Border&) const = default;
};

enum class Padding {
  kValid,  ///< none: the window stays inside the image
  kSame,   ///< as much as makes the output ceil(input / stride) large
};

struct Window {
  Extent kernel;
  Extent stride;
  Padding padding;
};

/// What TensorFlow pads. Where the sum is odd, bottom and right get one more, unlike in Caffe and
/// PyTorch, so that the same weights see another part of the image.
Border PaddingOf(Extent input, const Window& window);

/// Positions of the window: floor((input + padding - kernel) / stride) + 1.
Extent OutputOf(Extent input, const Window& window);

}  // namespace scission
