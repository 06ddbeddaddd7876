#include "bench/range_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scission {
namespace {

using ::testing::ElementsAre;

/// Four layers with weights of 1, 2, 3 and 10 bytes.
Graph FourLayers() {
  Graph graph;
  for (const double weights : {1, 2, 3, 10}) {
    graph.layers.emplace_back();
    graph.layers.back().weight_bytes = Bytes{weights};
  }
  return graph;
}

TEST(RangeGroups, WeightsOfARangeAreThoseOfItsLayers) {
  EXPECT_EQ(WeightsOf(FourLayers(), {1, 2}), Bytes{5});
}

TEST(RangeGroups, AChainIsCutWhereARangeBeginsOrEnds) {
  const Graph graph = FourLayers();
  EXPECT_THAT(ChainThrough(graph, {}), ElementsAre(LayerRange{0, 3}));
  EXPECT_THAT(ChainThrough(graph, {{0, 3}}), ElementsAre(LayerRange{0, 3}));
  EXPECT_THAT(ChainThrough(graph, {{1, 1}, {0, 1}}),
              ElementsAre(LayerRange{0, 0}, LayerRange{1, 1}, LayerRange{2, 3}));
  EXPECT_THAT(ChainThrough(graph, {{2, 3}, {0, 0}}),
              ElementsAre(LayerRange{0, 0}, LayerRange{1, 1}, LayerRange{2, 3}));
}

TEST(RangeGroups, PrefixAndSuffixOfACutFillTheBudgetOfTheModel) {
  const std::vector<LayerRange> ranges = {{0, 0}, {1, 3}, {0, 1}, {2, 3}, {0, 2}, {3, 3}};
  EXPECT_THAT(GroupByWeights(FourLayers(), ranges, Bytes{16}),
              ElementsAre(ElementsAre(LayerRange{1, 3}, LayerRange{0, 0}),
                          ElementsAre(LayerRange{2, 3}, LayerRange{0, 1}),
                          ElementsAre(LayerRange{3, 3}, LayerRange{0, 2})));
}

TEST(RangeGroups, ARangeAboveTheBudgetIsAGroupOfItsOwn) {
  EXPECT_THAT(
      GroupByWeights(FourLayers(), {{0, 0}, {3, 3}, {1, 1}}, Bytes{3}),
      ElementsAre(ElementsAre(LayerRange{3, 3}), ElementsAre(LayerRange{1, 1}, LayerRange{0, 0})));
  EXPECT_TRUE(GroupByWeights(FourLayers(), {}, Bytes{3}).empty());
}

}  // namespace
}  // namespace scission
