#include "model/lifetimes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using ::testing::ElementsAre;
using testing::OnnxBuilder;

TEST(LiveBytes, CountWhatALayerReadsAndWrites) {
  OnnxBuilder builder;
  builder.Input("x", {1, 3, 8, 8}).Output("gap");
  Random random(1);
  builder.Node("Conv", "conv", {"x", builder.Weight("w", {2, 3, 3, 3}, random)});
  builder.Node("Relu", "relu", {"conv"});
  builder.Node("GlobalAveragePool", "gap", {"relu"});
  // 768 bytes of input, 288 (2 x 6 x 6 floats) behind the convolution, 8 at the end.
  EXPECT_THAT(LiveBytes(builder.Make().graph()),
              ElementsAre(Bytes{768 + 288}, Bytes{288 + 288}, Bytes{288 + 8}));
}

TEST(LiveBytes, CountWhatPassesBy) {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Output("e");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Relu", "b", {"a"});
  builder.Node("Relu", "c", {"b"});
  builder.Node("Relu", "d", {"b"});
  builder.Node("Sum", "add", {"c", "d", "b"});
  builder.Node("Relu", "e", {"add"});
  // 16 bytes each. While d runs, b, c and d are alive; while the sum runs, b, c, d and the sum.
  EXPECT_THAT(LiveBytes(builder.Make().graph()),
              ElementsAre(Bytes{32}, Bytes{32}, Bytes{32}, Bytes{48}, Bytes{64}, Bytes{32}));
}

TEST(LiveBytes, CountALateInputFromTheStartAndAnEarlyOutputToTheEnd) {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Input("late", {1, 100}).Output("a").Output("d");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Relu", "b", {"a"});
  builder.Node("Concat", "c", {"b", "late"});
  OnnxBuilder::SetInt(*builder.proto().mutable_graph()->mutable_node(2), "axis", 1);
  builder.Node("Relu", "d", {"c"});
  // a, b, x: 16 bytes; late: 400; c, d: 416.
  EXPECT_THAT(LiveBytes(builder.Make().graph()),
              ElementsAre(Bytes{400 + 16 + 16}, Bytes{400 + 16 + 16}, Bytes{400 + 16 + 16 + 416},
                          Bytes{16 + 416 + 416}));
}

}  // namespace
}  // namespace scission
