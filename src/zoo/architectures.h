// The architectures as keras.applications of TensorFlow 2.3 and later defines them, 1000 classes,
// top included. Each takes the image and returns the predictions. Layer names, biases, epsilons
// and paddings are Keras's, so that layers are numbered as its users know them.
#pragma once

#include "zoo/keras_builder.h"

namespace scission {

/// Simonyan & Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
/// 2014, table 1.
KerasTensor Vgg19(KerasBuilder& b, KerasTensor image);

/// He et al., "Deep Residual Learning for Image Recognition", 2015, table 1.
KerasTensor ResNet50(KerasBuilder& b, KerasTensor image);

/// Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018, table 2.
KerasTensor MobileNetV2(KerasBuilder& b, KerasTensor image);

}  // namespace scission
