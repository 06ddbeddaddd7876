#include "report/graph_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file.h"
#include "base/random.h"
#include "base/testing/error_of.h"
#include "report/graph_dot.h"
#include "report/graphviz.h"
#include "report/testing/graph_builder.h"

namespace scission {
namespace {

using testing::Chain;
using ::testing::ElementsAre;
using testing::GraphBuilder;
using ::testing::HasSubstr;

/// Width and height of a PNG file, in its first chunk.
std::pair<int, int> SizeOfPng(const std::string& png) {
  const auto number = [&](std::size_t at) {
    int value = 0;
    for (std::size_t i = at; i < at + 4; ++i)
      value = value * 256 + static_cast<unsigned char>(png[i]);
    return value;
  };
  EXPECT_EQ(png.substr(0, 4), "\x89PNG");
  return {number(16), number(20)};
}

GraphView ViewOf(const Graph& graph) {
  GraphView view;
  view.title = "m";
  view.paint.cuts = FindCuts(graph);
  return view;
}

/// So many branches side by side that no bitmap holds them.
Graph WideGraph() {
  GraphBuilder builder;
  builder.Add("Conv", {-1});
  std::vector<int> branches;
  for (int i = 0; i < 500; ++i) branches.push_back(builder.Add("Relu", {0}));
  builder.Add("Concat", branches);
  return builder.Make();
}

/// Cells of ten branches that read the two cells before, as in NASNet: more than 1000 layers.
Graph CellGraph() {
  GraphBuilder builder;
  Random random(5);
  int before = builder.Add("Conv", {-1});
  int last = builder.Add("Conv", {before});
  for (int cell = 0; cell < 20; ++cell) {
    const int inputs[] = {builder.Add("Conv", {before}), builder.Add("Conv", {last})};
    std::vector<int> branches;
    for (int i = 0; i < 10; ++i) {
      int branch = inputs[random.Below(2)];
      const int length = 3 + random.Below(4);
      for (int j = 0; j < length; ++j) branch = builder.Add("SeparableConv2D", {branch});
      branches.push_back(branch);
    }
    before = std::exchange(last, builder.Add("Concatenate", branches));
  }
  return builder.Make();
}

TEST(WriteGraph, WritesTheFormatsThatAreAskedFor) {
  const Graph graph = Chain(3);
  const TemporaryFolder folder;
  std::vector<std::string> warnings;
  const auto files = WriteGraph(graph, ViewOf(graph), {"dot", "svg", "png"}, folder.path() / "m",
                                [&](const std::string& text) { warnings.push_back(text); });
  EXPECT_EQ(files.size(), 3u);
  EXPECT_EQ(files[1].path, folder.path() / "m.svg");
  EXPECT_FALSE(files[1].is_collapsed);
  EXPECT_EQ(ReadFile(folder.path() / "m.dot"), GraphDot(graph, ViewOf(graph)).text);
  const std::string svg = ReadFile(folder.path() / "m.svg");
  EXPECT_THAT(svg, HasSubstr("</svg>"));
  const auto [width, height] = SizeOfPng(ReadFile(folder.path() / "m.png"));
  EXPECT_NEAR(width, SizeOfSvg(svg).width * 96 / 72, 8);
  EXPECT_NEAR(height, SizeOfSvg(svg).height * 96 / 72, 8);
  EXPECT_THAT(warnings, ElementsAre());
}

TEST(WriteGraph, CollapsesWhatNoBitmapHoldsAndSaysSo) {
  const Graph graph = WideGraph();
  const TemporaryFolder folder;
  const std::string stem = folder.path() / "m";
  std::vector<std::string> warnings;
  const auto files = WriteGraph(graph, ViewOf(graph), {"svg", "png"}, stem,
                                [&](const std::string& text) { warnings.push_back(text); });
  EXPECT_FALSE(files[0].is_collapsed);
  EXPECT_GT(SizeOfSvg(ReadFile(stem + ".svg")).width, 40'000);
  EXPECT_TRUE(files[1].is_collapsed);
  EXPECT_LT(SizeOfPng(ReadFile(stem + ".png")).first, 2'000);
  EXPECT_THAT(warnings, ElementsAre(::testing::AllOf(
                            HasSubstr(stem + ".png: "),
                            HasSubstr("too many for a readable bitmap; blocks are collapsed"))));
}

TEST(WriteGraph, LaysOutAThousandLayersInCells) {
  const Graph graph = CellGraph();
  EXPECT_GT(graph.layers.size(), 900u);
  const TemporaryFolder folder;
  const auto files = WriteGraph(graph, ViewOf(graph), {"png"}, folder.path() / "m",
                                [](const std::string& text) { ADD_FAILURE() << text; });
  EXPECT_FALSE(files[0].is_collapsed);
  EXPECT_GT(files[0].columns, 1);
}

TEST(BitmapDpi, KeepsBitmapsWithinTheirLimitsAndReadable) {
  EXPECT_EQ(BitmapDpi({1000, 1000}), 96);
  EXPECT_EQ(BitmapDpi({30'000, 1000}), 78);  // 30,000 points are 32,500 pixels
  EXPECT_EQ(BitmapDpi({9000, 9000}), 80);    // 10,000 x 10,000 pixels
  EXPECT_EQ(BitmapDpi({40'000, 100}), std::nullopt);
  EXPECT_EQ(BitmapDpi({12'000, 12'000}), std::nullopt);
}

TEST(RenderSvg, SaysThatGraphvizIsMissing) {
  const TemporaryFolder folder;
  const std::string search_path = std::getenv("PATH");
  ::setenv("PATH", folder.path().c_str(), 1);
  const std::string message = testing::ErrorOf([] { RenderSvg("digraph {}"); });
  ::setenv("PATH", search_path.c_str(), 1);
  EXPECT_EQ(message, "dot: is not installed, and draws the graphs (package graphviz)");
}

}  // namespace
}  // namespace scission
