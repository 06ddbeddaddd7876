#include "cluster/output_check.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace scission {
namespace {

TensorMap Output(const std::vector<float>& values, Shape shape = {}) {
  TensorValue value;
  value.spec = {"y", ElementType::kFloat, {static_cast<std::int64_t>(values.size())}};
  if (!shape.empty()) value.spec.shape = std::move(shape);
  value.data.assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  return {{"y", value}};
}

TEST(OutputCheck, IsContentWithRounding) {
  const OutputCheck check = CheckOutputs(Output({1, 2, -4}), Output({1.0001F, 2, -4}), false);
  EXPECT_FALSE(check.wrong);
  EXPECT_NEAR(check.deviation, 0.0001 / 4, 1e-7);
}

TEST(OutputCheck, NamesTheElementThatDiffers) {
  const OutputCheck check = CheckOutputs(Output({1, 2, -4}), Output({1, 3, -4}), false);
  EXPECT_EQ(check.wrong, "output 'y': element 1 is 3, not 2");
  EXPECT_EQ(check.deviation, 0.25);
}

TEST(OutputCheck, LossyTransfersMayChangeValuesButNotShapes) {
  EXPECT_FALSE(CheckOutputs(Output({1, 2, -4}), Output({1, 3, -4}), true).wrong);
  EXPECT_TRUE(CheckOutputs(Output({1, 2, 3, 4}), Output({1, 2, 3, 4}, {2, 2}), true).wrong);
  EXPECT_EQ(CheckOutputs(Output({1}), {}, true).wrong, "output 'y': is missing");
}

TEST(OutputCheck, ANanIsNoNumber) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(CheckOutputs(Output({1, 2}), Output({1, nan}), true).wrong);
  const OutputCheck same = CheckOutputs(Output({1, nan}), Output({1, nan}), false);
  EXPECT_FALSE(same.wrong);
  EXPECT_EQ(same.deviation, 0);
}

}  // namespace
}  // namespace scission
