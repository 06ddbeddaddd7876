// Records a Keras functional model, layer by layer, the way its author writes it:
//
//   x = b.Conv2D("block1_conv1", x, 64, 3, {.padding = kSame, .activation = kRelu});
//   x = b.MaxPooling2D("block1_pool", x, 2);
//
// Each method is the Keras layer of that name, with Keras's defaults. Nothing is computed or
// allocated for weights until the layers are written (build.h). A layer that does not fit its
// input is a bug in an architecture and asserts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "zoo/layer_graph.h"
#include "zoo/window.h"

namespace scission {

inline constexpr Padding kValid = Padding::kValid;
inline constexpr Padding kSame = Padding::kSame;

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

struct PoolOptions {
  std::optional<Extent> stride;  ///< the pool's size, if not given
  Padding padding = kValid;
};

class KerasBuilder {
 public:
  /// `moments` are those of the values that will be fed, roughly.
  Tensor Input(const std::string& name, const Shape& shape, Moments moments);

  Tensor Conv2D(const std::string& name, Tensor x, int filters, Extent kernel,
                const ConvOptions& options = {});
  Tensor DepthwiseConv2D(const std::string& name, Tensor x, Extent kernel,
                         const ConvOptions& options = {});
  Tensor Dense(const std::string& name, Tensor x, int units,
               ActivationFunction activation = kLinear);
  Tensor BatchNormalization(const std::string& name, Tensor x, double epsilon = 1e-3);

  Tensor Activation(const std::string& name, Tensor x, ActivationFunction function);
  Tensor ReLU(const std::string& name, Tensor x, float max_value);

  Tensor MaxPooling2D(const std::string& name, Tensor x, Extent pool,
                      const PoolOptions& options = {});
  Tensor GlobalAveragePooling2D(const std::string& name, Tensor x);

  Tensor ZeroPadding2D(const std::string& name, Tensor x, Border border);
  Tensor Flatten(const std::string& name, Tensor x);
  Tensor Add(const std::string& name, const std::vector<Tensor>& xs);

  /// In the order of recording.
  const std::vector<Layer>& layers() const { return layers_; }
  const Shape& ShapeOf(Tensor x) const { return layers_.at(x.layer).shape; }
  int ChannelsOf(Tensor x) const { return static_cast<int>(ShapeOf(x).front()); }
  /// Height and width of a tensor that has them.
  Extent ExtentOf(Tensor x) const;

 private:
  using Write = std::function<void(NodeWriter&)>;

  /// What all layers come down to.
  Tensor Record(const char* type, const std::string& name, const std::vector<Tensor>& inputs,
                const Shape& shape, Moments moments, Write write);
  Tensor Convolution(const char* type, const std::string& name, Tensor x, int filters, int groups,
                     Extent kernel, const ConvOptions& options);
  Moments MomentsOf(Tensor x) const { return layers_.at(x.layer).moments; }

  std::vector<Layer> layers_;
};

}  // namespace scission
