// The built-in models against tables of Keras's own layers, which lie outside the repository.
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/testing/reference.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

using testing::ReferenceFolder;

const TensorSpec& OutputOf(const Graph& graph, const Layer& layer) {
  return graph.activations.at(static_cast<std::size_t>(layer.main_output)).spec;
}

/// FLOPs as the tables count them; nothing where theirs are not what the layer computes and no rule
/// of theirs is known.
std::optional<std::int64_t> TableFlops(const Graph& graph, const Layer& layer) {
  static constexpr std::array kCounted = {
      "Conv2D",       "DepthwiseConv2D",    "Dense",           "ReLU",
      "MaxPooling2D", "BatchNormalization", "AveragePooling2D"};
  if (std::find(kCounted.begin(), kCounted.end(), layer.type) != kCounted.end()) return layer.flops;
  if (layer.type == "Lambda" || layer.type == "SeparableConv2D") return std::nullopt;
  if (layer.type != "GlobalAveragePooling2D") return 0;
  const auto& input = graph.activations.at(static_cast<std::size_t>(layer.inputs.at(0))).spec;
  return input.shape[2] * input.shape[3];
}

/// "6-17" or "6".
std::pair<int, int> RangeOf(const std::string& text) {
  const auto dash = text.find('-');
  const int first = std::stoi(text);
  return {first, dash == std::string::npos ? first : std::stoi(text.substr(dash + 1))};
}

void ExpectBlock(const nlohmann::json& block, const Graph& graph) {
  const auto [first, last] = RangeOf(block["layers"]);
  ASSERT_LT(last, graph.layers.size());
  std::vector<std::string> types;
  std::int64_t parameters = 0;
  std::optional<std::int64_t> flops = 0;
  for (int i = first; i <= last; ++i) {
    const Layer& layer = graph.layers[static_cast<std::size_t>(i)];
    types.push_back(layer.type);
    parameters += layer.parameters;
    const auto more = TableFlops(graph, layer);
    flops = flops && more ? std::optional(*flops + *more) : std::nullopt;
  }
  EXPECT_EQ(types, block["types"].get<std::vector<std::string>>());
  EXPECT_EQ(parameters, block["params"]);
  EXPECT_EQ(OutputOf(graph, graph.layers[static_cast<std::size_t>(last)]).ByteCount(),
            block["output_bytes"]);
  if (flops) {
    EXPECT_EQ(*flops, block["flops_fork"]);
  }
}

class Reference : public ::testing::TestWithParam<ZooEntry> {};

TEST_P(Reference, HasKerasLayersInKerasOrder) {
  const auto file = ReferenceFolder() / "layers" / (std::string(GetParam().name) + ".json");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no table of this model: " << file;
  const auto table = nlohmann::json::parse(ReadFile(file));
  const Graph graph = ZooGraph(GetParam());
  for (const auto& block : table["blocks"]) {
    SCOPED_TRACE("layers " + block["layers"].get<std::string>());
    ExpectBlock(block, graph);
  }
}

TEST_P(Reference, HasAsManyLayersAndParametersAsTheTableSays) {
  const auto file = ReferenceFolder() / "layers/summary.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no tables: " << file;
  const auto row = nlohmann::json::parse(ReadFile(file))[GetParam().name];
  EXPECT_EQ(row["layer_count"], GetParam().layer_count);
  EXPECT_EQ(row["params"], GetParam().parameters);
}

INSTANTIATE_TEST_SUITE_P(All, Reference, ::testing::ValuesIn(Zoo().begin(), Zoo().end()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace scission
