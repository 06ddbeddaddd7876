// The layers of KerasBuilder that have parameters.
#include <cmath>

#include "zoo/activation.h"
#include "zoo/keras_builder.h"
#include "zoo/node_writer.h"

namespace scission {
namespace {

// Not zero, so that a bias that goes astray shows in the output.
constexpr UniformRange kBias{-0.05f, 0.05f};

Attributes ConvAttributes(const Window& window, Border pads, int groups) {
  const auto& [kernel, stride, padding] = window;
  return {{"kernel_shape", Integers{kernel.height, kernel.width}},
          {"strides", Integers{stride.height, stride.width}},
          {"pads", Integers{pads.top, pads.left, pads.bottom, pads.right}},
          {"group", groups}};
}

/// Around `middle`, so that channels differ and a mix-up of channels shows.
UniformRange Around(double middle, double width) {
  return {static_cast<float>(middle - width), static_cast<float>(middle + width)};
}

}  // namespace

KerasTensor KerasBuilder::Convolution(const char* type, const std::string& name, KerasTensor x,
                                      int filters, int groups, Extent kernel,
                                      const ConvOptions& options) {
  const Window window{kernel, options.stride, options.padding};
  const auto [height, width] = OutputOf(ExtentOf(x), window);
  const Integers kernel_shape{filters, ChannelsOf(x) / groups, kernel.height, kernel.width};
  const auto range = HeUniform(kernel_shape[1] * kernel.height * kernel.width, MomentsOf(x));
  const auto attributes = ConvAttributes(window, PaddingOf(ExtentOf(x), window), groups);
  return Record(type, name, {x}, {filters, height, width}, After(options.activation, kNormalised),
                [=](NodeWriter& w) {
                  std::vector inputs{w.input(), w.Weights("kernel", kernel_shape, range)};
                  if (options.bias) inputs.push_back(w.Weights("bias", {filters}, kBias));
                  WriteActivation(w, w.Node("Conv", inputs, attributes), options.activation);
                });
}

KerasTensor KerasBuilder::Conv2D(const std::string& name, KerasTensor x, int filters, Extent kernel,
                                 const ConvOptions& options) {
  return Convolution("Conv2D", name, x, filters, 1, kernel, options);
}

KerasTensor KerasBuilder::DepthwiseConv2D(const std::string& name, KerasTensor x, Extent kernel,
                                          const ConvOptions& options) {
  const int channels = ChannelsOf(x);
  return Convolution("DepthwiseConv2D", name, x, channels, channels, kernel, options);
}

KerasTensor KerasBuilder::SeparableConv2D(const std::string& name, KerasTensor x, int filters,
                                          Extent kernel, const ConvOptions& options) {
  const int channels = ChannelsOf(x);
  const Window window{kernel, options.stride, options.padding};
  const auto [height, width] = OutputOf(ExtentOf(x), window);
  const auto depthwise_range = HeUniform(std::int64_t{kernel.height} * kernel.width, MomentsOf(x));
  const auto pointwise_range = HeUniform(channels, kNormalised);
  const auto depthwise = ConvAttributes(window, PaddingOf(ExtentOf(x), window), channels);
  const auto pointwise = ConvAttributes({1, 1, kValid}, 0, 1);
  return Record("SeparableConv2D", name, {x}, {filters, height, width},
                After(options.activation, kNormalised), [=](NodeWriter& w) {
                  const Integers kernel_shape{channels, 1, kernel.height, kernel.width};
                  const auto filter = w.Weights("depthwise_kernel", kernel_shape, depthwise_range);
                  const auto filtered = w.Node("Conv", {w.input(), filter}, depthwise);
                  std::vector inputs{
                      filtered,
                      w.Weights("pointwise_kernel", {filters, channels, 1, 1}, pointwise_range)};
                  if (options.bias) inputs.push_back(w.Weights("bias", {filters}, kBias));
                  WriteActivation(w, w.Node("Conv", inputs, pointwise), options.activation);
                });
}

KerasTensor KerasBuilder::Dense(const std::string& name, KerasTensor x, int units,
                                ActivationFunction activation) {
  const std::int64_t features = ShapeOf(x).at(0);
  const auto range = HeUniform(features, MomentsOf(x));
  return Record("Dense", name, {x}, {units}, After(activation, kNormalised), [=](NodeWriter& w) {
    const auto kernel = w.Weights("kernel", {features, units}, range);
    const auto bias = w.Weights("bias", {units}, kBias);
    WriteActivation(w, w.Node("Gemm", {w.input(), kernel, bias}), activation);
  });
}

KerasTensor KerasBuilder::BatchNormalization(const std::string& name, KerasTensor x,
                                             const BatchNormOptions& options) {
  const std::int64_t channels = ChannelsOf(x);
  // As after training: the moving statistics are those of the input.
  const Moments moments = MomentsOf(x);
  return Record("BatchNormalization", name, {x}, ShapeOf(x), kNormalised, [=](NodeWriter& w) {
    const Integers shape{channels};
    const double variance = moments.variance();
    const auto gamma =
        options.scale ? w.Weights("gamma", shape, Around(1, 0.2)) : w.Fixed("ones", shape, 1);
    const auto beta = w.Weights("beta", shape, Around(0, 0.1));
    const auto mean =
        w.Weights("moving_mean", shape, Around(moments.mean, 0.1 * std::sqrt(variance)));
    const auto moving_variance =
        w.Weights("moving_variance", shape, Around(variance, 0.2 * variance));
    w.Node("BatchNormalization", {w.input(), gamma, beta, mean, moving_variance},
           {{"epsilon", static_cast<float>(options.epsilon)}});
  });
}

}  // namespace scission
