#include "wire/datatype.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

TEST(Datatype, IsTheProtocolsName) {
  EXPECT_EQ(DatatypeOf(ElementType::kFloat), "FP32");
  EXPECT_EQ(DatatypeOf(ElementType::kString), "BYTES");
  EXPECT_EQ(DatatypeOf(ElementType::kComplex64), "");
  EXPECT_EQ(ElementTypeOf("UINT8"), ElementType::kUint8);
  EXPECT_EQ(ElementTypeOf("BF16"), ElementType::kBfloat16);
  EXPECT_EQ(ElementTypeOf("fp32"), ElementType::kUnknown);
}

}  // namespace
}  // namespace scission
