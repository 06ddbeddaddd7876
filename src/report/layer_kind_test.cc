#include "report/layer_kind.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

TEST(LayerKind, KnowsKerasAndOnnx) {
  for (const char* type : {"DepthwiseConv2D", "Conv", "ConvTranspose", "com.microsoft.FusedConv"}) {
    EXPECT_EQ(KindOf(type), LayerKind::kConvolution) << type;
  }
  for (const char* type : {"Dense", "Gemm", "MatMulInteger", "LSTM"}) {
    EXPECT_EQ(KindOf(type), LayerKind::kDense) << type;
  }
  for (const char* type : {"BatchNormalization", "LayerNormalization", "LRN"}) {
    EXPECT_EQ(KindOf(type), LayerKind::kNormalization) << type;
  }
  for (const char* type : {"ReLU", "Relu", "Activation", "Softmax", "Clip"}) {
    EXPECT_EQ(KindOf(type), LayerKind::kActivation) << type;
  }
  for (const char* type : {"MaxPooling2D", "GlobalAveragePool"}) {
    EXPECT_EQ(KindOf(type), LayerKind::kPooling) << type;
  }
  for (const char* type : {"Add", "Concatenate", "Concat", "Mul"}) {
    EXPECT_EQ(KindOf(type), LayerKind::kMerge) << type;
  }
  for (const char* type : {"ZeroPadding2D", "Pad", "Cropping2D", "Flatten", "Dropout"}) {
    EXPECT_EQ(KindOf(type), LayerKind::kShape) << type;
  }
  for (const char* type : {"InputLayer", "Lambda", "NonMaxSuppression", ""}) {
    EXPECT_EQ(KindOf(type), LayerKind::kOther) << type;
  }
}

}  // namespace
}  // namespace scission
