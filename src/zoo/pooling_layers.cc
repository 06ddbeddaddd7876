// The layers of KerasBuilder that pool.
#include "zoo/keras_builder.h"
#include "zoo/node_writer.h"

namespace scission {

KerasTensor KerasBuilder::Pooling(const char* type, const char* op, const std::string& name,
                                  KerasTensor x, Extent pool, const PoolOptions& options) {
  const Window window{pool, options.stride.value_or(pool), options.padding};
  const auto [height, width] = OutputOf(ExtentOf(x), window);
  const Border pads = PaddingOf(ExtentOf(x), window);
  return Record(type, name, {x}, {ChannelsOf(x), height, width}, MomentsOf(x), [=](NodeWriter& w) {
    w.Node(op, {w.input()},
           {{"kernel_shape", Integers{window.kernel.height, window.kernel.width}},
            {"strides", Integers{window.stride.height, window.stride.width}},
            {"pads", Integers{pads.top, pads.left, pads.bottom, pads.right}}});
  });
}

KerasTensor KerasBuilder::MaxPooling2D(const std::string& name, KerasTensor x, Extent pool,
                                       const PoolOptions& options) {
  return Pooling("MaxPooling2D", "MaxPool", name, x, pool, options);
}

KerasTensor KerasBuilder::AveragePooling2D(const std::string& name, KerasTensor x, Extent pool,
                                           const PoolOptions& options) {
  return Pooling("AveragePooling2D", "AveragePool", name, x, pool, options);
}

KerasTensor KerasBuilder::GlobalAveragePooling2D(const std::string& name, KerasTensor x) {
  return Record(
      "GlobalAveragePooling2D", name, {x}, {ChannelsOf(x)}, MomentsOf(x),
      [](NodeWriter& w) { w.Node("Flatten", {w.Node("GlobalAveragePool", {w.input()})}); });
}

}  // namespace scission
