#include "zoo/window.h"

#include <algorithm>

namespace scission {
namespace {

/// Along one axis, both sides together.
int TotalPadding(int input, int kernel, int stride, Padding padding) {
  if (padding == Padding::kValid) return 0;
  const int output = (input + stride - 1) / stride;
  return std::max((output - 1) * stride + kernel - input, 0);
}

}  // namespace

Border PaddingOf(Extent input, const Window& window) {
  const auto& [kernel, stride, padding] = window;
  const int rows = TotalPadding(input.height, kernel.height, stride.height, padding);
  const int columns = TotalPadding(input.width, kernel.width, stride.width, padding);
  return {rows / 2, rows - rows / 2, columns / 2, columns - columns / 2};
}

Extent OutputOf(Extent input, const Window& window) {
  const Border border = PaddingOf(input, window);
  const int height = input.height + border.top + border.bottom;
  const int width = input.width + border.left + border.right;
  return {(height - window.kernel.height) / window.stride.height + 1,
          (width - window.kernel.width) / window.stride.width + 1};
}

}  // namespace scission
