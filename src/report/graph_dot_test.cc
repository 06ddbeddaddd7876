#include "report/graph_dot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "report/graphviz.h"
#include "report/testing/graph_builder.h"

namespace scission {
namespace {

using testing::Chain;
using ::testing::ElementsAre;
using testing::GraphBuilder;
using ::testing::HasSubstr;
using ::testing::Not;

GraphView ViewOf(const Graph& graph, int max_cut_tensors = 1) {
  GraphView view;
  view.title = "m";
  view.paint.cuts = FindCuts(graph, max_cut_tensors);
  return view;
}

/// The edges of `dot`, without their attributes.
std::vector<std::string> Edges(const std::string& dot) {
  std::vector<std::string> edges;
  std::istringstream words(dot);
  std::string before;
  for (std::string word; words >> word; before = word) {
    if (word != "->") continue;
    std::string to;
    words >> to;
    edges.push_back(before + ">" + to);
    word = to;
  }
  return edges;
}

/// conv -> relu, whose output both a convolution and an addition read.
GraphBuilder Residual() {
  GraphBuilder builder;
  builder.Add("Conv", {-1});
  builder.Add("Relu", {0});
  builder.Add("Conv", {1});
  builder.Add("Add", {1, 2});
  return builder;
}

TEST(GraphDot, LeadsTensorsThroughTheCuts) {
  const Graph graph = Residual().Make();
  const DotGraph dot = GraphDot(graph, ViewOf(graph));
  EXPECT_THAT(Edges(dot.text), ElementsAre("i0>l0", "l0>c1:t0", "c1:t0>l1", "l1>c2:t0", "c2:t0>l2",
                                           "c2:t0>l3", "l2>l3", "l3>o0"));
  EXPECT_THAT(dot.text, HasSubstr("c2 [shape=record, label=\"<t0> cut\\ behind\\ 1:\\ 1\\ kB\""));
  EXPECT_EQ(dot.columns, 1);
}

TEST(GraphDot, GivesEachTensorOfACutAFieldOfItsOwn) {
  const Graph graph = Residual().Make();
  const DotGraph dot = GraphDot(graph, ViewOf(graph, 2));
  EXPECT_THAT(dot.text, HasSubstr("c3 [shape=record, label=\"<t0> cut\\ behind\\ 2:\\ 1\\ kB|<t1> "
                                  "+\\ 1\\ kB\""));
  EXPECT_THAT(Edges(dot.text),
              ::testing::IsSupersetOf({"c2:t0>c3:t0", "l2>c3:t1", "c3:t0>l3", "c3:t1>l3"}));
}

TEST(GraphDot, ShowsWhatALayerIs) {
  GraphBuilder builder = Residual();
  builder.layer(2).parameters = 1234;
  builder.layer(2).flops = 5'600'000;
  const Graph graph = builder.Make();
  EXPECT_THAT(
      GraphDot(graph, ViewOf(graph)).text,
      HasSubstr("l2 [label=\"2  n2\\nConv  1x10x5x5\", fillcolor=\"#77AADD\", fontcolor=black, "
                "tooltip=\"layer 2: n2 (Conv); 1x10x5x5, 1 kB; 1234 parameters; 5.6 MFLOPs\"];"));
}

TEST(GraphDot, TakesAnInputLayerForTheInput) {
  GraphBuilder builder;
  builder.Add("Relu", {-1});
  Graph graph = builder.Make();
  Layer input;
  input.type = "InputLayer";
  input.main_output = 0;
  graph.layers.insert(graph.layers.begin(), input);
  graph.activations[0].last_use = 1;
  graph.activations[1].producer = 1;
  graph.activations[1].last_use = 2;
  EXPECT_THAT(Edges(GraphDot(graph, ViewOf(graph)).text), ElementsAre("l0>l1", "l1>o0"));
}

TEST(GraphDot, CollapsesBlocks) {
  const Graph graph = Residual().Make();
  GraphView view = ViewOf(graph);
  view.collapse_blocks = true;
  const DotGraph dot = GraphDot(graph, view);
  EXPECT_THAT(Edges(dot.text),
              ElementsAre("i0>l0", "l0>c1:t0", "c1:t0>l1", "l1>c2:t0", "c2:t0>l2", "l2>o0"));
  EXPECT_THAT(dot.text,
              HasSubstr("l2 [label=\"layers 2-3\\n1 x Conv\\n1 x Add\\n1x10x5x5, 1 kB\""));
}

TEST(GraphDot, WrapsALongChainIntoColumnsOfEqualHeight) {
  const Graph graph = Chain(120);
  const DotGraph dot = GraphDot(graph, ViewOf(graph));
  EXPECT_EQ(dot.columns, 8);
  EXPECT_THAT(Edges(dot.text),
              ::testing::IsSupersetOf({"c15:t0>out_A", "in_A>l15", "c30:t0>out_B", "in_B>l30"}));
  EXPECT_LT(SizeOfSvg(RenderSvg(dot.text).value()).height, 1500);
}

TEST(GraphDot, WrapsWhereSeveralTensorsCross) {
  GraphBuilder builder;
  builder.Add("Conv", {-1});
  builder.Add("Conv", {0});
  for (int i = 2; i < 200; ++i) builder.Add("Add", {i - 1, i - 2});  // no cut in it
  const Graph graph = builder.Make();
  const GraphView view = ViewOf(graph);
  EXPECT_EQ(view.paint.cuts.size(), 1u);
  const DotGraph dot = GraphDot(graph, view);
  EXPECT_GT(dot.columns, 3);
  EXPECT_THAT(dot.text, HasSubstr("in_B"));
}

TEST(DotString, LeavesNothingToExpand) {
  EXPECT_EQ(DotString("a\"b\\N\\\n<&lt;>"), R"("a\"b\\N\\ <&amp;lt;>")");
}

TEST(GraphDot, DrawsNamesAsTheyStand) {
  GraphBuilder builder = Residual();
  builder.layer(0).name = R"(</g><a>"x"\N{|}&\)";
  builder.layer(1).type = "<script>\xc0\x80\x1b";
  Graph graph = builder.Make();
  graph.activations[0].spec.name = "\"];evil [label=\"";
  GraphView view = ViewOf(graph);
  view.title = "<b>&\"\\G";
  view.paint.caption = "</table>";
  view.paint.hops[0] = "a{b}|<c> to \\d";
  const std::string svg = RenderSvg(GraphDot(graph, view).text).value();
  EXPECT_THAT(svg, HasSubstr(R"(>0 &#160;&lt;/g&gt;&lt;a&gt;&quot;x&quot;\N{|}&amp;\</text>)"));
  EXPECT_THAT(svg, HasSubstr(R"("layer 0: &lt;/g&gt;&lt;a&gt;&quot;x&quot;\N{|}&amp;\ (Conv);)"));
  EXPECT_THAT(svg, HasSubstr("&lt;script&gt;???"));
  EXPECT_THAT(svg, HasSubstr(">&quot;];evil [label=&quot;<"));
  EXPECT_THAT(svg, HasSubstr(R"(>&lt;b&gt;&amp;&quot;\G<)"));
  EXPECT_THAT(svg, HasSubstr("&lt;/table&gt;"));
  EXPECT_THAT(svg, HasSubstr(R"(>a{b}|&lt;c&gt; to \d<)"));
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace scission
