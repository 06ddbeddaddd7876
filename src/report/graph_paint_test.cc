#include "report/graph_paint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"
#include "plan/testing/profile_builder.h"
#include "report/graph_dot.h"
#include "report/testing/graph_builder.h"

namespace scission {
namespace {

using testing::Chain;
using ::testing::ElementsAre;
using testing::ErrorOf;
using ::testing::HasSubstr;
using testing::MakeProfile;
using ::testing::Pair;

PlanFile ThreeHosts() {
  PlanFile plan;
  plan.latency = Seconds(1.5);
  plan.stages = {{"vm", "edge", 0, 1, Seconds(0.5)},
                 {"gpu", "cloud", 2, 3, Seconds(0.25)},
                 {"tpu", "cloud", 4, 4, Seconds(0.125)}};
  plan.hops = {{"pi", "vm", Bytes{600000}, Seconds(0.25)},
               {"vm", "gpu", Bytes{1000}, Seconds(0.25)},
               {"gpu", "tpu", Bytes{1000}, Seconds(0.125)}};
  return plan;
}

TEST(PaintPlan, ColoursHostsAndNamesTransfers) {
  const Graph graph = Chain(5);
  const GraphPaint paint = PaintPlan(graph, {}, ThreeHosts(), "p.json");
  ASSERT_EQ(paint.layers.size(), 3u);
  EXPECT_EQ(paint.layers[0].layers, (LayerRange{0, 1}));
  EXPECT_EQ(paint.layers[0].color, "#009E73");  // edge
  EXPECT_EQ(paint.layers[1].color, "#0072B2");  // cloud
  EXPECT_EQ(paint.layers[2].color, "#E69F00");  // the tier's colour is taken
  EXPECT_THAT(paint.hops,
              ElementsAre(Pair(-1, "pi to vm: 0.6 MB, 250 ms"), Pair(1, "vm to gpu: 1 kB, 250 ms"),
                          Pair(3, "gpu to tpu: 1 kB, 125 ms")));
  EXPECT_EQ(paint.source, "pi");
  EXPECT_EQ(paint.legend[0].text, "edge vm: layers 0-1, 500 ms");
  EXPECT_EQ(paint.caption, "plan: 1.5 s");
}

TEST(PaintPlan, CutsWhereThePlanDoes) {
  const Graph graph = Chain(5);
  const GraphPaint paint = PaintPlan(graph, {{0, {1}}, {1, {2}}}, ThreeHosts(), "p.json");
  ASSERT_EQ(paint.cuts.size(), 3u);
  EXPECT_EQ(paint.cuts[2].layer, 3);
  EXPECT_THAT(paint.cuts[2].activations, ElementsAre(4));
}

TEST(PaintPlan, ShowsWhereTheInputComesFrom) {
  const Graph graph = Chain(5);
  GraphView view;
  view.paint = PaintPlan(graph, {}, ThreeHosts(), "p.json");
  const std::string dot = GraphDot(graph, view).text;
  EXPECT_THAT(dot, HasSubstr("label=\"x at pi\\n1x10x5x5\""));
  EXPECT_THAT(dot,
              HasSubstr("c0 [shape=record, label=\"<t0> pi\\ to\\ vm:\\ 0.6\\ MB,\\ 250\\ ms\""));
  EXPECT_THAT(dot, HasSubstr("c0:t0 -> l0"));
}

TEST(PaintPlan, RefusesThePlanOfAnotherModel) {
  const Graph graph = Chain(6);
  EXPECT_EQ(ErrorOf([&] { PaintPlan(graph, {}, ThreeHosts(), "p.json"); }),
            "p.json: is of the layers 0 to 4, where the model has 0 to 5");
}

TEST(PaintProfile, ColoursByFactorsOfTwo) {
  const Graph graph = Chain(6);
  const Profile profile =
      MakeProfile("device", "pi", {{0, 1, 8}, {2, 2, 4}, {3, 3, 3.9}, {4, 4, 0.26}, {5, 5, 0}});
  const GraphPaint paint = PaintProfile(graph, profile.models[0], profile.host, "p.json");
  std::vector<std::string> colors;
  for (const PaintedLayers& layers : paint.layers) colors.push_back(layers.color);
  EXPECT_THAT(colors, ElementsAre("#993404", "#993404", "#D95F0E", "#FEE391", "#FFFFD4"));
  EXPECT_EQ(paint.layers[2].note, "3.9 s");
  std::vector<std::string> legend;
  for (const LegendEntry& entry : paint.legend) legend.push_back(entry.text);
  EXPECT_THAT(legend, ElementsAre("4 s to 8 s", "2 s to 4 s", "1 s to 2 s", "500 ms to 1 s",
                                  "250 ms to 500 ms", "below 250 ms"));
  EXPECT_EQ(paint.caption, "device pi, sum of the blocks: 16.2 s");
  EXPECT_EQ(paint.cuts.size(), 4u);
  EXPECT_EQ(paint.cuts[0].layer, 1);
}

TEST(PaintProfile, WritesTheTimeOfABlockAtItsFirstLayer) {
  const Graph graph = Chain(3);
  const Profile profile = MakeProfile("device", "pi", {{0, 1, 0.008}, {2, 2, 0.5}});
  GraphView view;
  view.paint = PaintProfile(graph, profile.models[0], profile.host, "p.json");
  const std::string dot = GraphDot(graph, view).text;
  EXPECT_THAT(dot, HasSubstr("label=\"0  n0\\nRelu  1x10x5x5\\nlayers 0-1: 8 ms\""));
  EXPECT_THAT(dot, HasSubstr("label=\"1  n1\\nRelu  1x10x5x5\","));
  EXPECT_THAT(dot, HasSubstr("label=\"2  n2\\nRelu  1x10x5x5\\n500 ms\""));
}

TEST(PaintProfile, RefusesTheProfileOfAnotherModel) {
  const Graph graph = Chain(6);
  const Profile profile = MakeProfile("device", "pi", {{1, 5, 8}});
  EXPECT_EQ(ErrorOf([&] { PaintProfile(graph, profile.models[0], profile.host, "device-pi.dat"); }),
            "device-pi.dat: is of the layers 1 to 5, where the model has 0 to 5");
}

TEST(SizeText, ChoosesTheUnit) {
  EXPECT_EQ(SizeText(Bytes{40}), "40 B");
  EXPECT_EQ(SizeText(Bytes{4096}), "4.1 kB");
  EXPECT_EQ(SizeText(Bytes{802816}), "0.803 MB");
}

}  // namespace
}  // namespace scission
