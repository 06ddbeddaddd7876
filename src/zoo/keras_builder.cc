#include "zoo/keras_builder.h"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <numeric>
#include <utility>

#include "zoo/activation.h"
#include "zoo/node_writer.h"

namespace scission {
namespace {

/// "BatchNormalization" becomes "batch_normalization", "Conv2D" "conv2d".
std::string SnakeCase(const std::string& type) {
  std::string snake;
  for (std::size_t i = 0; i < type.size(); ++i) {
    const bool starts_word = i > 0 && std::isupper(type[i]) != 0 && std::islower(type[i - 1]) != 0;
    if (starts_word) snake += '_';
    snake += static_cast<char>(std::tolower(type[i]));
  }
  return snake;
}

std::int64_t ElementsOf(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies());
}

}  // namespace

Extent KerasBuilder::ExtentOf(KerasTensor x) const {
  const Shape& shape = ShapeOf(x);
  assert(shape.size() == 3);
  return {static_cast<int>(shape[1]), static_cast<int>(shape[2])};
}

std::string KerasBuilder::NameOf(const char* type, const std::string& name) {
  if (!name.empty()) return name;
  const int number = unnamed_[type]++;
  return SnakeCase(type) + (number > 0 ? "_" + std::to_string(number) : "");
}

KerasTensor KerasBuilder::Record(const char* type, const std::string& name,
                                 const std::vector<KerasTensor>& inputs, const Shape& shape,
                                 Moments moments, Write write) {
  KerasLayer layer{NameOf(type, name), type, {}, shape, moments, std::move(write)};
  for (const KerasTensor input : inputs) layer.inputs.push_back(input.layer);
  layers_.push_back(std::move(layer));
  return {static_cast<int>(layers_.size()) - 1};
}

KerasTensor KerasBuilder::Input(const std::string& name, const Shape& shape, Moments moments) {
  return Record("InputLayer", name, {}, shape, moments, nullptr);
}

KerasTensor KerasBuilder::Activation(const std::string& name, KerasTensor x,
                                     ActivationFunction function) {
  return Record("Activation", name, {x}, ShapeOf(x), After(function, MomentsOf(x)),
                [=](NodeWriter& w) { WriteActivation(w, w.input(), function); });
}

KerasTensor KerasBuilder::ReLU(const std::string& name, KerasTensor x, float max_value) {
  return Record("ReLU", name, {x}, ShapeOf(x), After(kRelu, MomentsOf(x)), [=](NodeWriter& w) {
    w.Node("Clip", {w.input(), w.Scalar("min", 0), w.Scalar("max", max_value)});
  });
}

KerasTensor KerasBuilder::ZeroPadding2D(const std::string& name, KerasTensor x, Border border) {
  const auto [height, width] = ExtentOf(x);
  const Shape shape{ChannelsOf(x), height + border.top + border.bottom,
                    width + border.left + border.right};
  return Record("ZeroPadding2D", name, {x}, shape, MomentsOf(x), [=](NodeWriter& w) {
    const Integers pads{0, 0, border.top, border.left, 0, 0, border.bottom, border.right};
    w.Node("Pad", {w.input(), w.IntegerList("pads", pads)});
  });
}

KerasTensor KerasBuilder::Cropping2D(const std::string& name, KerasTensor x, Border border) {
  const auto [height, width] = ExtentOf(x);
  const Integers starts{border.top, border.left};
  const Integers ends{height - border.bottom, width - border.right};
  const Shape shape{ChannelsOf(x), ends[0] - starts[0], ends[1] - starts[1]};
  assert(shape[1] > 0 && shape[2] > 0);
  return Record("Cropping2D", name, {x}, shape, MomentsOf(x), [=](NodeWriter& w) {
    w.Node("Slice", {w.input(), w.IntegerList("starts", starts), w.IntegerList("ends", ends),
                     w.IntegerList("axes", {2, 3})});
  });
}

KerasTensor KerasBuilder::Flatten(const std::string& name, KerasTensor x) {
  return Record("Flatten", name, {x}, {ElementsOf(ShapeOf(x))}, MomentsOf(x),
                [](NodeWriter& w) { w.Node("Flatten", {w.input()}); });
}

KerasTensor KerasBuilder::Reshape(const std::string& name, KerasTensor x, const Shape& shape) {
  // With one value a channel, the order of the axes makes no difference.
  assert(ElementsOf(shape) == shape[0] && ElementsOf(ShapeOf(x)) == shape[0]);
  Integers target{0};  // as it is: the batch
  target.insert(target.end(), shape.begin(), shape.end());
  return Record("Reshape", name, {x}, shape, MomentsOf(x), [=](NodeWriter& w) {
    w.Node("Reshape", {w.input(), w.IntegerList("shape", target)});
  });
}

KerasTensor KerasBuilder::Dropout(const std::string& name, KerasTensor x) {
  return Record("Dropout", name, {x}, ShapeOf(x), MomentsOf(x),
                [](NodeWriter& w) { w.Node("Identity", {w.input()}); });
}

KerasTensor KerasBuilder::Add(const std::string& name, const std::vector<KerasTensor>& xs) {
  assert(xs.size() == 2 && ShapeOf(xs[0]) == ShapeOf(xs[1]));
  const Moments sum = Sum(MomentsOf(xs[0]), MomentsOf(xs[1]));
  return Record("Add", name, xs, ShapeOf(xs[0]), sum,
                [](NodeWriter& w) { w.Node("Add", w.inputs()); });
}

KerasTensor KerasBuilder::Concatenate(const std::string& name, const std::vector<KerasTensor>& xs) {
  const auto [height, width] = ExtentOf(xs.at(0));
  int channels = 0;
  Moments mixture{0, 0};
  for (const KerasTensor x : xs) {
    assert(ExtentOf(x) == ExtentOf(xs[0]));
    const int more = ChannelsOf(x);
    mixture = Mixture(mixture, channels, MomentsOf(x), more);
    channels += more;
  }
  const Shape shape{channels, height, width};
  return Record("Concatenate", name, xs, shape, mixture, [](NodeWriter& w) {
    w.Node("Concat", w.inputs(), {{"axis", 1}});
  });
}

KerasTensor KerasBuilder::Lambda(const std::string& name, KerasTensor x, KerasTensor y,
                                 float scale) {
  assert(ShapeOf(x) == ShapeOf(y));
  const Moments sum = Sum(MomentsOf(x), Scaled(MomentsOf(y), scale));
  return Record("Lambda", name, {x, y}, ShapeOf(x), sum, [=](NodeWriter& w) {
    const auto scaled = w.Node("Mul", {w.inputs()[1], w.Scalar("scale", scale)});
    w.Node("Add", {w.inputs()[0], scaled});
  });
}

}  // namespace scission
