// What a tensor is, without its values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/units.h"

namespace scission {

/// The numbers are those of onnx.TensorProto.DataType.
enum class ElementType : int {
  kUnknown = 0,  ///< also what is not a tensor: sequences, maps, optionals
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kUint16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUint32 = 12,
  kUint64 = 13,
  kComplex64 = 14,
  kComplex128 = 15,
  kBfloat16 = 16,
  kFloat8E4M3FN = 17,
  kFloat8E4M3FNUZ = 18,
  kFloat8E5M2 = 19,
  kFloat8E5M2FNUZ = 20,
  kUint4 = 21,
  kInt4 = 22,
};

/// Size of one element; 0 where it has no fixed size (strings, what is not a tensor).
int BitsPerElement(ElementType type);
bool IsFloatingPoint(ElementType type);
/// "float32", "int64", ...
std::string ToText(ElementType type);

using Shape = std::vector<std::int64_t>;

/// Product of the dimensions; 1 for a scalar. Throws InputError starting with `place` where a
/// dimension is negative or the product is beyond 2^48.
std::int64_t ElementCount(const Shape& shape, const std::string& place);
/// "1x3x224x224"; "scalar" where there is no dimension.
std::string ToText(const Shape& shape);

struct TensorSpec {
  std::string name;
  ElementType type = ElementType::kUnknown;
  Shape shape;
  /// The shape depends on the values of the input; `shape` is that of one trial run.
  bool is_dynamic = false;

  /// Rounded up to whole bytes. Throws as ElementCount does.
  std::int64_t ByteCount() const;
  Bytes Size() const { return Bytes{static_cast<double>(ByteCount())}; }
};

/// A tensor with values: row-major, little-endian, as ONNX stores it.
struct TensorValue {
  TensorSpec spec;
  std::string data;
};

}  // namespace scission
