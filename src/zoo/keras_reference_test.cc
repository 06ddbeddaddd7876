// The built-in models against tables of Keras's own layers, which lie outside the repository.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/testing/reference.h"
#include "zoo/build.h"

namespace scission {
namespace {

using testing::ReferenceFolder;

/// What the tables say of a layer.
struct LayerFacts {
  std::string type;
  std::int64_t parameters = 0;
  std::int64_t output_bytes = 0;
};

std::map<std::string, std::int64_t> OutputBytes(const onnx::GraphProto& graph) {
  std::map<std::string, std::int64_t> bytes;
  const auto add = [&](const onnx::ValueInfoProto& value) {
    std::int64_t size = sizeof(float);
    for (const auto& dim : value.type().tensor_type().shape().dim()) {
      size *= dim.has_dim_value() ? dim.dim_value() : 1;
    }
    bytes[value.name()] = size;
  };
  for (const auto* list : {&graph.input(), &graph.value_info(), &graph.output()}) {
    for (const auto& value : *list) add(value);
  }
  return bytes;
}

std::map<std::string, std::int64_t> Parameters(const onnx::GraphProto& graph) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& tensor : graph.initializer()) {
    if (tensor.data_type() != onnx::TensorProto::FLOAT || tensor.dims_size() == 0) continue;
    const std::string layer = tensor.name().substr(0, tensor.name().rfind('/'));
    counts[layer] += static_cast<std::int64_t>(tensor.raw_data().size() / sizeof(float));
  }
  return counts;
}

std::vector<LayerFacts> FactsOf(const onnx::ModelProto& model) {
  const auto bytes = OutputBytes(model.graph());
  auto parameters = Parameters(model.graph());
  std::vector<LayerFacts> facts;
  for (const auto& layer : nlohmann::json::parse(model.metadata_props(0).value())) {
    const std::string name = layer[0];
    facts.push_back({layer[1], parameters[name], bytes.at(name)});
  }
  return facts;
}

/// "6-17" or "6".
std::pair<int, int> RangeOf(const std::string& text) {
  const auto dash = text.find('-');
  const int first = std::stoi(text);
  return {first, dash == std::string::npos ? first : std::stoi(text.substr(dash + 1))};
}

void ExpectBlock(const nlohmann::json& block, const std::vector<LayerFacts>& layers) {
  const auto [first, last] = RangeOf(block["layers"]);
  ASSERT_LT(last, layers.size());
  std::vector<std::string> types;
  std::int64_t parameters = 0;
  for (int i = first; i <= last; ++i) {
    types.push_back(layers[i].type);
    parameters += layers[i].parameters;
  }
  EXPECT_EQ(types, block["types"].get<std::vector<std::string>>());
  EXPECT_EQ(parameters, block["params"]);
  EXPECT_EQ(layers[last].output_bytes, block["output_bytes"]);
}

class Reference : public ::testing::TestWithParam<ZooEntry> {};

TEST_P(Reference, HasKerasLayersInKerasOrder) {
  const auto file = ReferenceFolder() / "layers" / (std::string(GetParam().name) + ".json");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no table of this model: " << file;
  const auto table = nlohmann::json::parse(ReadFile(file));
  const auto layers = FactsOf(BuildZooModel(GetParam(), 1));
  for (const auto& block : table["blocks"]) {
    SCOPED_TRACE("layers " + block["layers"].get<std::string>());
    ExpectBlock(block, layers);
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
