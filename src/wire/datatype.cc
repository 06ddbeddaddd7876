#include "wire/datatype.h"

#include <algorithm>
#include <array>

namespace scission {
namespace {

struct Name {
  ElementType type;
  std::string_view datatype;
};

constexpr std::array kNames = {
    Name{ElementType::kBool, "BOOL"},     Name{ElementType::kUint8, "UINT8"},
    Name{ElementType::kUint16, "UINT16"}, Name{ElementType::kUint32, "UINT32"},
    Name{ElementType::kUint64, "UINT64"}, Name{ElementType::kInt8, "INT8"},
    Name{ElementType::kInt16, "INT16"},   Name{ElementType::kInt32, "INT32"},
    Name{ElementType::kInt64, "INT64"},   Name{ElementType::kFloat16, "FP16"},
    Name{ElementType::kFloat, "FP32"},    Name{ElementType::kDouble, "FP64"},
    Name{ElementType::kBfloat16, "BF16"}, Name{ElementType::kString, "BYTES"},
};

}  // namespace

std::string_view DatatypeOf(ElementType type) {
  const auto found = std::find_if(kNames.begin(), kNames.end(),
                                  [&](const Name& name) { return name.type == type; });
  return found == kNames.end() ? std::string_view() : found->datatype;
}

ElementType ElementTypeOf(std::string_view datatype) {
  const auto found = std::find_if(kNames.begin(), kNames.end(),
                                  [&](const Name& name) { return name.datatype == datatype; });
  return found == kNames.end() ? ElementType::kUnknown : found->type;
}

}  // namespace scission
