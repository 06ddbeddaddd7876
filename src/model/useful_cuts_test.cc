#include "model/useful_cuts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using ::testing::ElementsAre;
using testing::OnnxBuilder;

/// Layers of given types, one node each; all read the output of the one before, and some more.
class Layers {
 public:
  Layers() { Activate(-1, 100); }

  /// A layer whose output has `size` floats. It also reads what the layer `also` makes.
  Layers& Then(const std::string& type, int size, int also = -1) {
    const int layer = static_cast<int>(graph_.layers.size());
    Layer& made = graph_.layers.emplace_back();
    made.type = type;
    made.node_count = 1;
    made.inputs = {layer};  // activation i + 1 is made by layer i
    if (also >= 0) made.inputs.push_back(also + 1);
    made.outputs = {layer + 1};
    for (const int input : made.inputs) graph_.activations[At(input)].last_use = layer;
    Activate(layer, size);
    return *this;
  }

  UsefulCuts Useful(int max_tensors = 1) {
    graph_.activations.back().last_use = static_cast<int>(graph_.layers.size());
    graph_.outputs = {static_cast<int>(graph_.activations.size()) - 1};
    return FindUsefulCuts(graph_, FindCuts(graph_, max_tensors));
  }

  std::vector<int> Kept(int max_tensors = 1) {
    std::vector<int> layers;
    for (const Cut& cut : Useful(max_tensors).cuts) layers.push_back(cut.layer);
    return layers;
  }

 private:
  static std::size_t At(int i) { return static_cast<std::size_t>(i); }

  void Activate(int producer, int size) {
    Activation activation;
    activation.spec = {"t", ElementType::kFloat, {size}};
    activation.producer = producer;
    if (producer < 0) graph_.inputs = {0};
    graph_.activations.push_back(activation);
  }

  Graph graph_;
};

/// The cuts kept in a chain of layers that all make tensors of one size.
std::vector<int> KeptOf(const std::vector<std::string>& types) {
  Layers layers;
  for (const std::string& type : types) layers.Then(type, 100);
  return layers.Kept();
}

TEST(UsefulCuts, AreNotInsideAConvolutionsKernel) {
  EXPECT_THAT(KeptOf({"Conv", "BatchNormalization", "Relu", "Conv", "Clip", "Conv"}),
              ElementsAre(2, 4));
  EXPECT_THAT(KeptOf({"Conv2D", "BatchNormalization", "ReLU", "SeparableConv2D", "Activation",
                      "DepthwiseConv2D"}),
              ElementsAre(2, 4));
  EXPECT_THAT(KeptOf({"Conv", "Mul", "Add", "Relu", "Relu"}), ElementsAre(3));
  EXPECT_THAT(KeptOf({"MaxPool", "BatchNormalization", "Relu", "Conv"}), ElementsAre(0, 2));
}

TEST(UsefulCuts, AreKeptWhereNothingIsFused) {
  EXPECT_THAT(KeptOf({"Conv", "MaxPool", "Conv", "Conv", "Softmax", "Relu"}),
              ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(KeptOf({"ConvTranspose", "Relu", "Elu"}), ElementsAre(0, 1));
}

TEST(UsefulCuts, AreNotInsideAMatrixProductsKernel) {
  EXPECT_THAT(KeptOf({"MatMul", "Add", "Relu", "Gemm", "Relu", "Gemm"}), ElementsAre(2, 4));
  EXPECT_THAT(KeptOf({"MatMul", "Relu", "Gemm", "Add"}), ElementsAre(0, 1, 2));
}

TEST(UsefulCuts, AreNotBetweenALayerAndOneThatCopiesAtMost) {
  EXPECT_THAT(KeptOf({"GlobalAveragePool", "Flatten", "Dropout", "Gemm"}), ElementsAre(2));
  EXPECT_THAT(KeptOf({"Conv", "Dropout", "Relu", "Gemm"}), ElementsAre(2));
}

TEST(UsefulCuts, AreBeforePaddingAndNotBehindIt) {
  EXPECT_THAT(
      Layers().Then("MaxPool", 100).Then("Pad", 120).Then("Conv", 90).Then("Elu", 90).Kept(),
      ElementsAre(0, 2));
  EXPECT_THAT(KeptOf({"MaxPool", "Pad", "Relu"}), ElementsAre(0, 1));
}

TEST(UsefulCuts, AreBehindAResidualBlockWithItsActivation) {
  // 0 relu, 1 conv, 2 norm, 3 add of 2 and 0, 4 relu, 5 pool
  const auto residual = [] {
    return Layers()
        .Then("Relu", 100)
        .Then("Conv", 100)
        .Then("BatchNormalization", 100)
        .Then("Add", 100, 0)
        .Then("Relu", 100)
        .Then("MaxPool", 50);
  };
  EXPECT_THAT(residual().Kept(), ElementsAre(0, 4));
  EXPECT_THAT(residual().Kept(/*max_tensors=*/2), ElementsAre(0, 4));
  EXPECT_EQ(residual().Useful().inside_kernels, 1);
  EXPECT_EQ(residual().Useful(2).inside_kernels, 3);
}

TEST(UsefulCuts, AreKeptWhereTwoLayersReadWhatCrosses) {
  // The convolution writes its output before the activation: as the product needs it.
  EXPECT_THAT(
      Layers().Then("Conv", 100).Then("Relu", 100).Then("Mul", 100, 0).Then("Conv", 100).Kept(),
      ElementsAre(0, 2));
}

TEST(UsefulCuts, AreNotDominatedByBothNeighbours) {
  const auto cuts = Layers()
                        .Then("Conv", 500)
                        .Then("MaxPool", 100)
                        .Then("Conv", 600)
                        .Then("MaxPool", 150)
                        .Then("Conv", 150)
                        .Then("Conv", 200)
                        .Then("Conv", 10)
                        .Useful();
  std::vector<int> layers;
  for (const Cut& cut : cuts.cuts) layers.push_back(cut.layer);
  EXPECT_THAT(layers, ElementsAre(0, 1, 3, 4, 5));  // neither the first, the last, nor an equal one
  EXPECT_EQ(cuts.dominated, 1);
  EXPECT_EQ(cuts.inside_kernels, 0);
}

}  // namespace
}  // namespace scission
