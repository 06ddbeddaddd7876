#include "zoo/keras_builder.h"

#include <cassert>
#include <numeric>
#include <utility>

#include "zoo/activation.h"
#include "zoo/node_writer.h"

namespace scission {

Extent KerasBuilder::ExtentOf(KerasTensor x) const {
  const Shape& shape = ShapeOf(x);
  assert(shape.size() == 3);
  return {static_cast<int>(shape[1]), static_cast<int>(shape[2])};
}

KerasTensor KerasBuilder::Record(const char* type, const std::string& name,
                                 const std::vector<KerasTensor>& inputs, const Shape& shape,
                                 Moments moments, Write write) {
  KerasLayer layer{name, type, {}, shape, moments, std::move(write)};
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

KerasTensor KerasBuilder::Flatten(const std::string& name, KerasTensor x) {
  const Shape& shape = ShapeOf(x);
  const auto size = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies());
  return Record("Flatten", name, {x}, {size}, MomentsOf(x),
                [](NodeWriter& w) { w.Node("Flatten", {w.input()}); });
}

KerasTensor KerasBuilder::Add(const std::string& name, const std::vector<KerasTensor>& xs) {
  assert(xs.size() == 2 && ShapeOf(xs[0]) == ShapeOf(xs[1]));
  const Moments sum = Sum(MomentsOf(xs[0]), MomentsOf(xs[1]));
  return Record("Add", name, xs, ShapeOf(xs[0]), sum,
                [](NodeWriter& w) { w.Node("Add", w.inputs()); });
}

}  // namespace scission
