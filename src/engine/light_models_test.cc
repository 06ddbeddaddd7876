// Real architectures from the ONNX project: right outputs, and split equals whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/file.h"
#include "base/testing/reference.h"
#include "engine/compare.h"
#include "engine/random_input.h"
#include "engine/session.h"
#include "engine/testing/run_chain.h"
#include "model/contents.h"
#include "model/cuts.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

fs::path LightFolder() { return testing::ReferenceFolder() / "light"; }

struct LightModel {
  const char* name;
  int layers;
  int cuts;
};

class LightModels : public ::testing::TestWithParam<LightModel> {
 protected:
  void SetUp() override { SCISSION_REQUIRE_REFERENCE(); }
  Model Load() const {
    return LoadModel(LightFolder() / (std::string(GetParam().name) + ".onnx"),
                     {.trace_shapes = TraceShapes});
  }
};

/// x[k] = k / n, what the expected outputs belong to.
TensorMap RampInput(const TensorSpec& spec) {
  TensorValue value{spec, std::string(static_cast<std::size_t>(spec.ByteCount()), '\0')};
  const std::int64_t count = ElementCount(spec.shape, "test");
  for (std::int64_t k = 0; k < count; ++k) {
    const auto element = static_cast<float>(static_cast<double>(k) / static_cast<double>(count));
    std::memcpy(value.data.data() + 4 * k, &element, 4);
  }
  return {{spec.name, value}};
}

TensorValue ExpectedOutput(const std::string& name, const std::string& model) {
  onnx::TensorProto tensor;
  EXPECT_TRUE(tensor.ParseFromString(ReadFile(LightFolder() / (model + "_output_0.pb"))));
  TensorValue value{{name, ElementType::kFloat, {tensor.dims().begin(), tensor.dims().end()}},
                    tensor.raw_data()};
  return value;
}

TEST_P(LightModels, HasTheLayersAndCutsThatWereCounted) {
  const Model model = Load();
  EXPECT_EQ(model.graph().layers.size(), static_cast<std::size_t>(GetParam().layers));
  EXPECT_EQ(FindCuts(model.graph()).size(), static_cast<std::size_t>(GetParam().cuts));
}

TEST_P(LightModels, GivesTheExpectedOutputWholeAndAsAChainOfAllBlocks) {
  const Model model = Load();
  const LayerRange whole = WholeOf(model.graph());
  const TensorMap input = RampInput(ExtractSegment(model, whole).inputs.at(0));
  const std::string output = ExtractSegment(model, whole).outputs.at(0).name;
  const TensorValue expected = ExpectedOutput(output, GetParam().name);
  EXPECT_EQ(Difference(expected, testing::RunChain(model, {whole}, input, 2).at(output)),
            std::nullopt);
  const std::vector<LayerRange> blocks = BlocksBetween(model.graph(), FindCuts(model.graph()));
  EXPECT_EQ(Difference(expected, testing::RunChain(model, blocks, input, 2).at(output)),
            std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Reference, LightModels,
                         ::testing::Values(LightModel{"light_squeezenet", 66, 33},
                                           LightModel{"light_resnet50", 176, 39},
                                           LightModel{"light_inception_v1", 143, 25},
                                           LightModel{"light_vgg19", 46, 45}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace scission
