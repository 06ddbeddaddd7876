// For tests only: models that do in a process what it is there for.
#pragma once

#include <onnx/onnx_pb.h>

namespace scission::testing {

/// INT64 x [1, 2] divided by -1: kills the process where x holds the smallest integer (on
/// processors that trap there, as x86 does).
onnx::ModelProto CrashingModel();
/// The same, whatever x holds: already when its shapes are learnt.
onnx::ModelProto CrashingAtOnce();
inline constexpr bool kDivisionTraps =
#if defined(__x86_64__)
    true;
#else
    false;
#endif

/// float x [1], "y" = x, but only after a loop of as many turns as x says.
onnx::ModelProto LoopingModel();
/// The same with a loop that does not end in a lifetime, whatever x holds.
onnx::ModelProto LoopingAtOnce();

/// float x, a scalar: y = 0, 1, 2 ... below 100 x.
onnx::ModelProto CountingModel();

/// float x [1, 2] as text.
onnx::ModelProto TextModel();

}  // namespace scission::testing
