#include "report/layer_kind.h"

#include <map>
#include <set>

#include "base/text.h"

namespace scission {
namespace {

/// Lower case; types whose names tell their kind by a part of them are found by that part.
const std::map<LayerKind, std::set<std::string>>& KnownTypes() {
  static const std::map<LayerKind, std::set<std::string>> kTypes = {
      {LayerKind::kDense, {"dense", "gemm", "einsum", "lstm", "gru", "rnn", "attention"}},
      {LayerKind::kNormalization, {"lrn"}},
      {LayerKind::kActivation,
       {"activation",  "celu",      "clip",           "elu",     "erf",      "gelu",
        "hardsigmoid", "hardswish", "logsoftmax",     "mish",    "prelu",    "relu",
        "leakyrelu",   "selu",      "sigmoid",        "softmax", "softplus", "softsign",
        "swish",       "tanh",      "thresholdedrelu"}},
      {LayerKind::kMerge,
       {"abs", "add",       "average", "concat", "concatenate", "div", "exp",      "log",
        "max", "maximum",   "mean",    "min",    "minimum",     "mul", "multiply", "neg",
        "pow", "rescaling", "sqrt",    "sub",    "subtract",    "sum"}},
      {LayerKind::kShape,
       {"cast", "dropout", "expand", "flatten", "gather", "identity", "reshape", "resize", "shape",
        "slice", "split", "squeeze", "tile", "transpose", "unsqueeze", "upsample"}},
  };
  return kTypes;
}

bool Has(const std::string& text, const char* part) { return text.find(part) != text.npos; }

}  // namespace

LayerKind KindOf(const std::string& type) {
  const std::string name = ToLower(type.substr(type.rfind('.') + 1));
  if (Has(name, "conv")) return LayerKind::kConvolution;
  if (Has(name, "matmul")) return LayerKind::kDense;
  if (Has(name, "normalization")) return LayerKind::kNormalization;
  if (Has(name, "pool")) return LayerKind::kPooling;
  if (Has(name, "pad") || Has(name, "cropping") || Has(name, "upsampling")) {
    return LayerKind::kShape;
  }
  for (const auto& [kind, types] : KnownTypes()) {
    if (types.contains(name)) return kind;
  }
  return LayerKind::kOther;
}

}  // namespace scission
