// Sessions that are made in two steps to spare memory.
#include <gtest/gtest.h>

#include <iterator>

#include "base/file.h"
#include "engine/random_input.h"
#include "engine/session.h"
#include "model/mapped_weights.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using testing::OnnxBuilder;

constexpr int kChannels = 512;

/// Conv - BatchNormalization - Relu; the convolution has 9 MB of weights.
Model OneConvolution() {
  OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {1, kChannels, 4, 4}).Output("y");
  builder.Node("Conv", "conv",
               {"x", builder.Weight("w", {kChannels, kChannels, 3, 3}, random, 1e-2)});
  builder.Node("BatchNormalization", "norm",
               {"conv", builder.Weight("scale", {kChannels}, random),
                builder.Weight("bias", {kChannels}, random),
                builder.Weight("mean", {kChannels}, random, 1e-2),
                builder.Weight("zero", {kChannels}, random, 0)});
  builder.Node("Relu", "y", {"norm"});
  return builder.Make();
}

std::string OutputOf(const Model& model, bool makes_sessions_lean) {
  Session session(ExtractSegment(model, WholeOf(model.graph())),
                  {.threads = 1, .makes_sessions_lean = makes_sessions_lean});
  TensorMap values = RandomInputs({model.graph().activations[0].spec}, 1);
  session.SetInputs(values);
  session.Run();
  session.GetOutputs(values);
  return values.at("y").data;
}

TEST(LeanSession, ComputesTheSameAndLeavesNothingInTheFolder) {
  const TemporaryFolder folder;
  const Model model = MapWeights(OneConvolution(), folder.path() / "weights");
  const std::string expected = OutputOf(model, false);
  EXPECT_EQ(OutputOf(model, true), expected);
  EXPECT_GT(expected.size(), 0u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(LeanSession, IsMadeInTwoStepsOnlyWhereWeightsAreInAFile) {
  const Model model = OneConvolution();
  EXPECT_EQ(OutputOf(model, true), OutputOf(model, false));
}

}  // namespace
}  // namespace scission
