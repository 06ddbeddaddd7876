// A split model gives what the whole model gives, element by element.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "engine/compare.h"
#include "engine/random_input.h"
#include "engine/session.h"
#include "engine/testing/run_chain.h"
#include "model/contents.h"
#include "model/cuts.h"
#include "model/mapped_weights.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using testing::RunChain;

std::vector<TensorSpec> InputSpecs(const Model& model) {
  return ExtractSegment(model, WholeOf(model.graph())).inputs;
}

void ExpectSameOutputs(const Model& model, const TensorMap& expected, const TensorMap& actual,
                       const std::string& what) {
  for (const int output : model.graph().outputs) {
    const std::string& name = model.graph().activations[static_cast<std::size_t>(output)].spec.name;
    EXPECT_EQ(Difference(expected.at(name), actual.at(name)), std::nullopt) << what;
  }
}

/// Every cut in two, and chains of random segments.
void ExpectSplitEqualsWhole(const Model& model, int max_tensors, Random& random) {
  const TensorMap inputs = RandomInputs(InputSpecs(model), 1);
  const LayerRange whole = WholeOf(model.graph());
  const TensorMap expected = RunChain(model, {whole}, inputs);
  const std::vector<Cut> cuts = FindCuts(model.graph(), max_tensors);
  for (const Cut& cut : cuts) {
    const TensorMap actual = RunChain(model, {{0, cut.layer}, {cut.layer + 1, whole.last}}, inputs);
    ExpectSameOutputs(model, expected, actual, "cut behind layer " + std::to_string(cut.layer));
  }
  for (int repeat = 0; repeat < 2; ++repeat) {
    std::vector<Cut> chosen;
    std::copy_if(cuts.begin(), cuts.end(), std::back_inserter(chosen),
                 [&](const Cut&) { return random.Below(2) == 0; });
    ExpectSameOutputs(model, expected,
                      RunChain(model, BlocksBetween(model.graph(), chosen), inputs), "chain");
  }
}

TEST(Split, EqualsWholeForRandomModelsAtEveryCut) {
  std::size_t cut_count = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    LoadOptions options;
    options.batch_size = 1 + random.Below(3);
    options.trace_shapes = TraceShapes;
    const Model model = MakeModel(testing::RandomModel(seed, 4 + random.Below(12)), "random",
                                  "random.onnx", "", options);
    ExpectSplitEqualsWhole(model, 1 + random.Below(3), random);
    cut_count += FindCuts(model.graph()).size();
  }
  EXPECT_GT(cut_count, 100u);  // else the generator makes models that prove nothing
}

TEST(Split, EqualsWholeWithMappedWeightsAndSharedBuffers) {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    const Model model = MakeModel(testing::RandomModel(seed, 12), "random", "random.onnx", "",
                                  {.trace_shapes = TraceShapes});
    const TensorMap inputs = RandomInputs(InputSpecs(model), 1);
    const TensorMap expected = RunChain(model, {WholeOf(model.graph())}, inputs);
    const Model mapped = MapWeights(model, folder.path() / "weights");
    TensorMap buffers = inputs;
    std::vector<Session> blocks;
    for (const LayerRange& range : BlocksBetween(model.graph(), FindCuts(model.graph()))) {
      blocks.emplace_back(ExtractSegment(mapped, range), EngineOptions{.threads = 1}, buffers);
      ForgetWeights(mapped);
    }
    std::filesystem::remove(folder.path() / "weights");
    for (const char* what : {"first run", "second run"}) {
      for (Session& block : blocks) block.Run();
      for (const Session& block : blocks) block.GetOutputs(buffers);
      ExpectSameOutputs(model, expected, buffers, what);
    }
  }
}

TEST(Split, DetectsSwappedChannels) {
  const std::vector<TensorSpec> spec = {{"x", ElementType::kFloat, {1, 2, 3, 3}}};
  const TensorValue value = RandomInputs(spec, 1).at("x");
  TensorValue swapped = value;
  std::rotate(swapped.data.begin(), swapped.data.begin() + 36, swapped.data.end());
  EXPECT_EQ(Difference(value, value), std::nullopt);
  EXPECT_NE(Difference(value, swapped), std::nullopt);
}

}  // namespace
}  // namespace scission
