#include "zoo/activation.h"

namespace scission {

void WriteActivation(NodeWriter& writer, const std::string& x, ActivationFunction function) {
  switch (function) {
    case kLinear:
      return;
    case kRelu:
      writer.Node("Relu", {x});
      return;
    case kSoftmax:
      writer.Node("Softmax", {x});
      return;
  }
}

Moments After(ActivationFunction function, Moments x) {
  return function == kRelu ? Rectified(x) : x;
}

}  // namespace scission
