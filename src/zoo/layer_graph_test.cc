#include "zoo/layer_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scission {
namespace {

using ::testing::ElementsAre;

std::vector<KerasLayer> Graph(const std::vector<std::vector<int>>& inputs) {
  std::vector<KerasLayer> layers;
  for (const auto& of_layer : inputs) layers.push_back({"", "", of_layer, {}, {}, nullptr});
  return layers;
}

TEST(KerasOrder, PutsLayersOfOneDepthInTheOrderOfTheTraversal) {
  // 0 -> 1 -> 3 and 0 -> 2 -> 3; 3 names its inputs as (2, 1).
  EXPECT_THAT(KerasOrder(Graph({{}, {0}, {0}, {2, 1}}), {3}), ElementsAre(0, 2, 1, 3));
  EXPECT_THAT(KerasOrder(Graph({{}, {0}, {0}, {1, 2}}), {3}), ElementsAre(0, 1, 2, 3));
}

TEST(KerasOrder, CountsDepthFromTheOutputSoThatShortBranchesComeLate) {
  // A shortcut 0 -> 1 -> 4 beside 0 -> 2 -> 3 -> 4, recorded first.
  EXPECT_THAT(KerasOrder(Graph({{}, {0}, {0}, {2}, {1, 3}}), {4}), ElementsAre(0, 2, 1, 3, 4));
}

TEST(KerasOrder, LeavesOutWhatTheOutputDoesNotNeed) {
  EXPECT_THAT(KerasOrder(Graph({{}, {0}, {0}}), {1}), ElementsAre(0, 1));
}

TEST(KerasOrder, TakesALayerThatIsUsedTwiceByOne) {
  EXPECT_THAT(KerasOrder(Graph({{}, {0}, {1, 1}}), {2}), ElementsAre(0, 1, 2));
}

}  // namespace
}  // namespace scission
