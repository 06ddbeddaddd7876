// Records a Keras functional model, layer by layer, the way its author writes it:
//
//   x = b.Conv2D("block1_conv1", x, 64, 3, {.padding = kSame, .activation = kRelu});
//   x = b.MaxPooling2D("block1_pool", x, 2);
//
// Each method is the Keras layer of that name, with Keras's defaults. Without a name (kUnnamed) a
// layer gets the one that Keras makes up: "conv2d", "conv2d_1", "conv2d_2". Nothing is computed or
// allocated for weights until the layers are written (build.h). A layer that does not fit its
// input is a bug in an architecture and asserts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "zoo/layer_graph.h"
#include "zoo/window.h"

namespace scission {

inline constexpr Padding kValid = Padding::kValid;
inline constexpr Padding kSame = Padding::kSame;

inline constexpr const char* kUnnamed = "";

enum class ActivationFunction { kLinear, kRelu, kSoftmax };
inline constexpr auto kLinear = ActivationFunction::kLinear;
inline constexpr auto kRelu = ActivationFunction::kRelu;
inline constexpr auto kSoftmax = ActivationFunction::kSoftmax;

struct ConvOptions {
  Extent stride = 1;
  Padding padding = kValid;
  bool bias = true;
  ActivationFunction activation = kLinear;
};

struct BatchNormOptions {
  double epsilon = 1e-3;
  bool scale = true;  ///< multiplies with a parameter, gamma
};

struct PoolOptions {
  std::optional<Extent> stride;  ///< the pool's size, if not given
  Padding padding = kValid;
};

class KerasBuilder {
 public:
  /// `moments` are those of the values that will be fed, roughly.
  KerasTensor Input(const std::string& name, const Shape& shape, Moments moments);

  KerasTensor Conv2D(const std::string& name, KerasTensor x, int filters, Extent kernel,
                     const ConvOptions& options = {});
  KerasTensor DepthwiseConv2D(const std::string& name, KerasTensor x, Extent kernel,
                              const ConvOptions& options = {});
  /// A depthwise convolution, then one of 1x1 over channels; bias and activation behind the second.
  KerasTensor SeparableConv2D(const std::string& name, KerasTensor x, int filters, Extent kernel,
                              const ConvOptions& options = {});
  KerasTensor Dense(const std::string& name, KerasTensor x, int units,
                    ActivationFunction activation = kLinear);
  KerasTensor BatchNormalization(const std::string& name, KerasTensor x,
                                 const BatchNormOptions& options = {});

  KerasTensor Activation(const std::string& name, KerasTensor x, ActivationFunction function);
  KerasTensor ReLU(const std::string& name, KerasTensor x, float max_value);

  KerasTensor MaxPooling2D(const std::string& name, KerasTensor x, Extent pool,
                           const PoolOptions& options = {});
  /// Padding counts for nothing: the mean is of what the window sees of the image.
  KerasTensor AveragePooling2D(const std::string& name, KerasTensor x, Extent pool,
                               const PoolOptions& options = {});
  KerasTensor GlobalAveragePooling2D(const std::string& name, KerasTensor x);

  KerasTensor ZeroPadding2D(const std::string& name, KerasTensor x, Border border);
  KerasTensor Cropping2D(const std::string& name, KerasTensor x, Border border);
  KerasTensor Flatten(const std::string& name, KerasTensor x);
  /// To {features} from {features, 1, 1}, or the other way round.
  KerasTensor Reshape(const std::string& name, KerasTensor x, const Shape& shape);
  /// As in inference: what comes in.
  KerasTensor Dropout(const std::string& name, KerasTensor x);

  /// Of two tensors of one shape.
  KerasTensor Add(const std::string& name, const std::vector<KerasTensor>& xs);
  /// Along the channels.
  KerasTensor Concatenate(const std::string& name, const std::vector<KerasTensor>& xs);
  /// Keras's Lambda, the one that occurs: x + scale * y.
  KerasTensor Lambda(const std::string& name, KerasTensor x, KerasTensor y, float scale);

  /// In the order of recording.
  const std::vector<KerasLayer>& layers() const { return layers_; }
  const Shape& ShapeOf(KerasTensor x) const { return layers_.at(x.layer).shape; }
  int ChannelsOf(KerasTensor x) const { return static_cast<int>(ShapeOf(x).front()); }
  /// Height and width of a tensor that has them.
  Extent ExtentOf(KerasTensor x) const;

 private:
  using Write = std::function<void(NodeWriter&)>;

  /// What all layers come down to.
  KerasTensor Record(const char* type, const std::string& name,
                     const std::vector<KerasTensor>& inputs, const Shape& shape, Moments moments,
                     Write write);
  KerasTensor Convolution(const char* type, const std::string& name, KerasTensor x, int filters,
                          int groups, Extent kernel, const ConvOptions& options);
  KerasTensor Pooling(const char* type, const char* op, const std::string& name, KerasTensor x,
                      Extent pool, const PoolOptions& options);
  /// `name`, or what Keras calls the next unnamed layer of `type`.
  std::string NameOf(const char* type, const std::string& name);
  Moments MomentsOf(KerasTensor x) const { return layers_.at(x.layer).moments; }

  std::vector<KerasLayer> layers_;
  std::map<std::string, int> unnamed_;  ///< how many of each type
};

}  // namespace scission
