#include "model/cuts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using ::testing::ElementsAre;
using testing::OnnxBuilder;

std::vector<int> LayersOf(const std::vector<Cut>& cuts) {
  std::vector<int> layers;
  for (const Cut& cut : cuts) layers.push_back(cut.layer);
  return layers;
}

/// a -> b -> (c, d) -> add -> e, where b feeds c, d and the addition.
Model Diamond() {
  OnnxBuilder builder;
  builder.Input("x", {-1, 4}).Output("e");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Relu", "b", {"a"});
  builder.Node("Relu", "c", {"b"});
  builder.Node("Relu", "d", {"b"});
  builder.Node("Sum", "add", {"c", "d", "b"});
  builder.Node("Relu", "e", {"add"});
  return builder.Make();
}

TEST(Cuts, CountATensorWithSeveralReadersOnce) {
  EXPECT_THAT(LayersOf(FindCuts(Diamond().graph())), ElementsAre(0, 1, 4));
}

TEST(Cuts, AllowMoreTensorsWhenAsked) {
  // Behind c, both c and b cross; behind d, three do.
  EXPECT_THAT(LayersOf(FindCuts(Diamond().graph(), 2)), ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(LayersOf(FindCuts(Diamond().graph(), 3)), ElementsAre(0, 1, 2, 3, 4));
}

TEST(Cuts, CountASecondInputUntilItIsUsed) {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Input("late", {1, 4}).Output("c");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Add", "b", {"a", "late"});
  builder.Node("Relu", "c", {"b"});
  EXPECT_THAT(LayersOf(FindCuts(builder.Make().graph())), ElementsAre(1));
}

TEST(Cuts, CountAnEarlyOutputOfTheModelUntilTheEnd) {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Output("a").Output("c");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Relu", "b", {"a"});
  builder.Node("Relu", "c", {"b"});
  EXPECT_THAT(LayersOf(FindCuts(builder.Make().graph())), ElementsAre(0));
}

TEST(Cuts, DoNotDependOnTheOrderOfTheFile) {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Output("c");
  builder.Node("Relu", "c", {"b"});
  builder.Node("Relu", "b", {"a"});
  builder.Node("Relu", "a", {"x"});
  const Model model = builder.Make();
  EXPECT_EQ(model.graph().layers[0].name, "a");
  EXPECT_THAT(LayersOf(FindCuts(model.graph())), ElementsAre(0, 1));
}

TEST(Cuts, IgnoreNodesThatNoOutputNeeds) {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Output("c");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Relu", "b", {"a"});
  builder.Node("Relu", "c", {"b"});
  builder.Node("Shape", "unused", {"x"});
  const Model model = builder.Make();
  EXPECT_EQ(model.graph().layers.size(), 3u);
  EXPECT_THAT(LayersOf(FindCuts(model.graph())), ElementsAre(0, 1));
}

TEST(Cuts, LeaveNoBlockWithoutNodes) {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Output("b");
  builder.Node("Relu", "a", {"x"});
  builder.Node("Relu", "b", {"a"});
  auto* entry = builder.proto().add_metadata_props();
  entry->set_key("scission.layers");
  entry->set_value(R"([["in","InputLayer",0],["a","A",1],["drop","Dropout",0],["b","B",1]])");
  EXPECT_THAT(LayersOf(FindCuts(builder.Make().graph())), ElementsAre(1));
}

TEST(Blocks, CoverTheModelWithoutGaps) {
  const Model model = Diamond();
  EXPECT_THAT(BlocksBetween(model.graph(), FindCuts(model.graph())),
              ElementsAre(LayerRange{0, 0}, LayerRange{1, 1}, LayerRange{2, 4}, LayerRange{5, 5}));
  EXPECT_THAT(BlocksBetween(model.graph(), {}), ElementsAre(LayerRange{0, 5}));
}

TEST(CrossingActivations, AreThoseOfTheCutOrTheOutputs) {
  const Model model = Diamond();
  const std::vector<Cut> cuts = FindCuts(model.graph(), 3);
  for (const Cut& cut : cuts) {
    EXPECT_EQ(CrossingActivations(model.graph(), cut.layer), cut.activations) << cut.layer;
  }
  EXPECT_EQ(CrossingActivations(model.graph(), 5), model.graph().outputs);
}

}  // namespace
}  // namespace scission
