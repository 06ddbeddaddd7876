// The protocol's other way to send a tensor: as numbers in lists.
#pragma once

#include <string>

#include "model/tensor.h"

namespace inference {
class InferTensorContents;
}

namespace scission {

/// The numbers in `contents` as row-major little-endian bytes. Throws InputError starting with
/// `place` where they are not those of the spec's type, too many or too few, or do not fit it.
std::string TypedContents(const inference::InferTensorContents& contents, const TensorSpec& spec,
                          const std::string& place);

}  // namespace scission
