// A pattern that ONNX Runtime must not simplify.
#pragma once

#include <onnx/onnx_pb.h>

namespace scission {

/// True where a MaxPool in `part` reads what a Pad in `part` gives, unless `whole`, the graph that
/// it is a part of, shows that no value there is negative. ONNX Runtime's Pad_Fusion makes the
/// zeros around the image padding of the MaxPool, which never takes its padding: where all that a
/// window sees is negative, the result is another one (its issue 24737).
bool HasPadBeforeMaxPool(const onnx::GraphProto& part, const onnx::GraphProto& whole);

}  // namespace scission
