// Multiply-accumulates and floating point operations of one ONNX node.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>

#include "model/shapes.h"

namespace scission {

struct NodeCost {
  std::int64_t macs = 0;   ///< of matrix products and convolutions; 0 for every other operator
  std::int64_t flops = 0;  ///< 2 x macs, or what docs/formats.md says of the operator
};

/// Definitions, with their sources, in docs/formats.md. Operators with subgraphs and operators
/// outside the ONNX domain count as 0.
NodeCost CostOf(const onnx::NodeProto& node, const SpecMap& specs);

}  // namespace scission
