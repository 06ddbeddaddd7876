// The architectures as keras.applications of TensorFlow 2.3 and later defines them, 1000 classes,
// top included. Each takes the image and returns the predictions. Layer names, biases, epsilons
// and paddings are Keras's, so that layers are numbered as its users know them.
#pragma once

#include "zoo/keras_builder.h"

namespace scission {

/// Simonyan & Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
/// 2014, table 1: columns D and E.
KerasTensor Vgg16(KerasBuilder& b, KerasTensor image);
KerasTensor Vgg19(KerasBuilder& b, KerasTensor image);

/// He et al., "Deep Residual Learning for Image Recognition", 2015, table 1.
KerasTensor ResNet50(KerasBuilder& b, KerasTensor image);
KerasTensor ResNet101(KerasBuilder& b, KerasTensor image);
KerasTensor ResNet152(KerasBuilder& b, KerasTensor image);

/// He et al., "Identity Mappings in Deep Residual Networks", 2016.
KerasTensor ResNet50V2(KerasBuilder& b, KerasTensor image);
KerasTensor ResNet101V2(KerasBuilder& b, KerasTensor image);
KerasTensor ResNet152V2(KerasBuilder& b, KerasTensor image);

/// Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", 2015.
KerasTensor InceptionV3(KerasBuilder& b, KerasTensor image);

/// Szegedy et al., "Inception-v4, Inception-ResNet and the Impact of Residual Connections on
/// Learning", 2016; with the stem of Inception v3.
KerasTensor InceptionResNetV2(KerasBuilder& b, KerasTensor image);

/// Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", 2016, figure 5.
KerasTensor Xception(KerasBuilder& b, KerasTensor image);

/// Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
/// Applications", 2017, table 1.
KerasTensor MobileNet(KerasBuilder& b, KerasTensor image);

/// Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018, table 2.
KerasTensor MobileNetV2(KerasBuilder& b, KerasTensor image);

/// Huang et al., "Densely Connected Convolutional Networks", 2016, table 1.
KerasTensor DenseNet121(KerasBuilder& b, KerasTensor image);
KerasTensor DenseNet169(KerasBuilder& b, KerasTensor image);
KerasTensor DenseNet201(KerasBuilder& b, KerasTensor image);

/// Zoph et al., "Learning Transferable Architectures for Scalable Image Recognition", 2017:
/// NASNet-A (6 @ 4032) and (4 @ 1056).
KerasTensor NasNetLarge(KerasBuilder& b, KerasTensor image);
KerasTensor NasNetMobile(KerasBuilder& b, KerasTensor image);

}  // namespace scission
