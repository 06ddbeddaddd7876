#include <optional>

#include "zoo/architectures.h"

namespace scission {
namespace {

constexpr PoolOptions kKeepSize{.stride = 1, .padding = kSame};
constexpr PoolOptions kHalve{.stride = 2};

/// A cell's input is the output of the cell before it; `previous` that of the one before that.
struct Cells {
  KerasTensor input;
  std::optional<KerasTensor> previous;
};

/// What Keras pads before a stride of 2: nothing more than the window needs, at the top and left
/// less where the size is even.
Border StridePadding(KerasBuilder& b, KerasTensor x, int kernel) {
  const auto [height, width] = b.ExtentOf(x);
  const int half = kernel / 2;
  return {half - (1 - height % 2), half, half - (1 - width % 2), half};
}

KerasTensor ConvBn(KerasBuilder& b, const std::string& conv, const std::string& bn, KerasTensor x,
                   int filters) {
  x = b.Activation(kUnnamed, x, kRelu);
  x = b.Conv2D(conv, x, filters, 1, {.padding = kSame, .bias = false});
  return b.BatchNormalization(bn, x);
}

/// "Separable operations are applied twice" (appendix A.4): the first one has the stride.
KerasTensor Separable(KerasBuilder& b, const std::string& name, KerasTensor x, int filters,
                      int kernel, int stride = 1) {
  x = b.Activation(kUnnamed, x, kRelu);
  Padding padding = kSame;
  if (stride == 2) {
    x = b.ZeroPadding2D("separable_conv_1_pad_" + name, x, StridePadding(b, x, kernel));
    padding = kValid;
  }
  x = b.SeparableConv2D("separable_conv_1_" + name, x, filters, kernel,
                        {.stride = stride, .padding = padding, .bias = false});
  x = b.BatchNormalization("separable_conv_1_bn_" + name, x);
  x = b.Activation(kUnnamed, x, kRelu);
  x = b.SeparableConv2D("separable_conv_2_" + name, x, filters, kernel,
                        {.padding = kSame, .bias = false});
  return b.BatchNormalization("separable_conv_2_bn_" + name, x);
}

/// Every second pixel, and every second of the others, each projected to half of the channels.
KerasTensor FactorizedReduction(KerasBuilder& b, const std::string& id, KerasTensor x,
                                int filters) {
  x = b.Activation("adjust_relu_1_" + id, x, kRelu);
  KerasTensor even = b.AveragePooling2D("adjust_avg_pool_1_" + id, x, 1, kHalve);
  even = b.Conv2D("adjust_conv_1_" + id, even, filters / 2, 1, {.padding = kSame, .bias = false});
  KerasTensor odd = b.ZeroPadding2D(kUnnamed, x, {0, 1, 0, 1});
  odd = b.Cropping2D(kUnnamed, odd, {1, 0, 1, 0});
  odd = b.AveragePooling2D("adjust_avg_pool_2_" + id, odd, 1, kHalve);
  odd = b.Conv2D("adjust_conv_2_" + id, odd, filters / 2, 1, {.padding = kSame, .bias = false});
  return b.BatchNormalization("adjust_bn_" + id, b.Concatenate(kUnnamed, {even, odd}));
}

/// The previous cell's output in the size of the input, with `filters` channels.
KerasTensor Adjusted(KerasBuilder& b, const std::string& id, const Cells& cells, int filters) {
  if (!cells.previous) return cells.input;
  const KerasTensor previous = *cells.previous;
  if (!(b.ExtentOf(previous) == b.ExtentOf(cells.input))) {
    return FactorizedReduction(b, id, previous, filters);
  }
  if (b.ChannelsOf(previous) == filters) return previous;
  return ConvBn(b, "adjust_conv_projection_" + id, "adjust_bn_" + id, previous, filters);
}

/// Figure 4, left.
KerasTensor NormalCell(KerasBuilder& b, const std::string& id, const Cells& cells, int filters) {
  const auto name = [&](const char* part) { return std::string("normal_") + part + "_" + id; };
  const KerasTensor p = Adjusted(b, id, cells, filters);
  const KerasTensor h = ConvBn(b, name("conv_1"), name("bn_1"), cells.input, filters);

  const KerasTensor left1 = Separable(b, name("left1"), h, filters, 5);
  const KerasTensor right1 = Separable(b, name("right1"), p, filters, 3);
  const KerasTensor x1 = b.Add(name("add_1"), {left1, right1});
  const KerasTensor left2 = Separable(b, name("left2"), p, filters, 5);
  const KerasTensor right2 = Separable(b, name("right2"), p, filters, 3);
  const KerasTensor x2 = b.Add(name("add_2"), {left2, right2});
  const KerasTensor left3 = b.AveragePooling2D(name("left3"), h, 3, kKeepSize);
  const KerasTensor x3 = b.Add(name("add_3"), {left3, p});
  const KerasTensor left4 = b.AveragePooling2D(name("left4"), p, 3, kKeepSize);
  const KerasTensor right4 = b.AveragePooling2D(name("right4"), p, 3, kKeepSize);
  const KerasTensor x4 = b.Add(name("add_4"), {left4, right4});
  const KerasTensor left5 = Separable(b, name("left5"), h, filters, 3);
  const KerasTensor x5 = b.Add(name("add_5"), {left5, h});
  return b.Concatenate(name("concat"), {p, x1, x2, x3, x4, x5});
}

/// Figure 4, right: half of the height and width.
KerasTensor ReductionCell(KerasBuilder& b, const std::string& id, const Cells& cells, int filters) {
  const auto name = [&](const char* part) { return std::string("reduction_") + part + "_" + id; };
  const KerasTensor p = Adjusted(b, id, cells, filters);
  const KerasTensor h = ConvBn(b, name("conv_1"), name("bn_1"), cells.input, filters);
  const KerasTensor padded = b.ZeroPadding2D(name("pad_1"), h, StridePadding(b, h, 3));

  const KerasTensor left1 = Separable(b, name("left1"), h, filters, 5, 2);
  const KerasTensor right1 = Separable(b, name("right1"), p, filters, 7, 2);
  const KerasTensor x1 = b.Add(name("add_1"), {left1, right1});
  const KerasTensor left2 = b.MaxPooling2D(name("left2"), padded, 3, kHalve);
  const KerasTensor right2 = Separable(b, name("right2"), p, filters, 7, 2);
  const KerasTensor x2 = b.Add(name("add_2"), {left2, right2});
  const KerasTensor left3 = b.AveragePooling2D(name("left3"), padded, 3, kHalve);
  const KerasTensor right3 = Separable(b, name("right3"), p, filters, 5, 2);
  const KerasTensor x3 = b.Add(name("add3"), {left3, right3});
  const KerasTensor left4 = b.AveragePooling2D(name("left4"), x1, 3, kKeepSize);
  const KerasTensor x4 = b.Add(kUnnamed, {x2, left4});
  const KerasTensor left5 = Separable(b, name("left4"), x1, filters, 3);  // Keras's name for it
  const KerasTensor right5 = b.MaxPooling2D(name("right5"), padded, 3, kHalve);
  const KerasTensor x5 = b.Add(name("add4"), {left5, right5});
  return b.Concatenate(name("concat"), {x2, x3, x4, x5});
}

struct Size {
  int penultimate_filters;
  int stem_filters;
  int cells;             ///< normal cells of each of the three stacks
  bool skips_reduction;  ///< the cell behind a reduction looks back past it
};

class NasNet {
 public:
  NasNet(KerasBuilder& b, const Size& size) : b_(b), size_(size) {}

  /// Figure 2, right, with 2 reduction cells in the stem.
  KerasTensor Build(KerasTensor image) {
    const int filters = size_.penultimate_filters / 24;
    const KerasTensor stem =
        b_.Conv2D("stem_conv1", image, size_.stem_filters, 3, {.stride = 2, .bias = false});
    cells_ = {b_.BatchNormalization("stem_bn1", stem), std::nullopt};
    Push(ReductionCell(b_, "stem_1", cells_, filters / 4));
    Push(ReductionCell(b_, "stem_2", cells_, filters / 2));
    Stack(0, filters);
    Reduce(size_.cells, 2 * filters);
    Stack(size_.cells + 1, 2 * filters);
    Reduce(2 * size_.cells, 4 * filters);
    Stack(2 * size_.cells + 1, 4 * filters);
    KerasTensor x = b_.Activation(kUnnamed, cells_.input, kRelu);
    x = b_.GlobalAveragePooling2D(kUnnamed, x);
    return b_.Dense("predictions", x, 1000, kSoftmax);
  }

 private:
  void Push(KerasTensor output) { cells_ = {output, cells_.input}; }

  void Stack(int first, int filters) {
    for (int i = 0; i < size_.cells; ++i) {
      Push(NormalCell(b_, std::to_string(first + i), cells_, filters));
    }
  }

  void Reduce(int number, int filters) {
    const Cells before = cells_;
    Push(ReductionCell(b_, "reduce_" + std::to_string(number), before, filters));
    if (size_.skips_reduction) cells_.previous = before.previous;
  }

  KerasBuilder& b_;
  const Size& size_;
  Cells cells_{};
};

}  // namespace

KerasTensor NasNetLarge(KerasBuilder& b, KerasTensor image) {
  return NasNet(b, {4032, 96, 6, true}).Build(image);
}
KerasTensor NasNetMobile(KerasBuilder& b, KerasTensor image) {
  return NasNet(b, {1056, 32, 4, false}).Build(image);
}

}  // namespace scission
