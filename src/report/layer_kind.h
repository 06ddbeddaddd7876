// What a layer does, roughly: what its type alone tells.
#pragma once

#include <array>
#include <string>

namespace scission {

enum class LayerKind {
  kConvolution,
  kDense,
  kNormalization,
  kActivation,
  kPooling,
  kMerge,
  kShape,
  kOther,
};

struct KindStyle {
  const char* title;
  const char* color;
};

/// By LayerKind. Tints made for dark text on them: the scheme "light" of Tol, "Colour schemes",
/// SRON/EPS/TN/09-002, 2021.
inline constexpr std::array<KindStyle, 8> kKindStyles = {{
    {"convolution", "#77AADD"},
    {"dense, matrix product", "#FFAABB"},
    {"normalization", "#EEDD88"},
    {"activation", "#EE8866"},
    {"pooling", "#44BB99"},
    {"merge, arithmetic", "#BBCC33"},
    {"shape, padding, copy", "#DDDDDD"},
    {"input, other", "#FFFFFF"},
}};

/// Of a Keras layer ("DepthwiseConv2D") or an ONNX operator ("com.microsoft.FusedConv").
LayerKind KindOf(const std::string& type);

inline const KindStyle& StyleOf(LayerKind kind) {
  return kKindStyles[static_cast<std::size_t>(kind)];
}

}  // namespace scission
