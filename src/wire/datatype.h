// Element types as the Open Inference Protocol names them.
#pragma once

#include <string>
#include <string_view>

#include "model/tensor.h"

namespace scission {

/// "FP32", "INT64", "BYTES" ...; empty for types that the protocol does not have.
std::string_view DatatypeOf(ElementType type);
/// kUnknown for names that the protocol does not have.
ElementType ElementTypeOf(std::string_view datatype);

}  // namespace scission
