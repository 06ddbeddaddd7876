#include "bench/chain_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <stdexcept>

#include "engine/random_input.h"
#include "model/cuts.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using ::testing::HasSubstr;
using testing::OnnxBuilder;
using ::testing::ThrowsMessage;

/// conv, relu, conv2, each a piece; `values` of a run of their chain.
class ChainCheck : public ::testing::Test {
 protected:
  ChainCheck() : model_(Make()), whole_(ExtractSegment(model_, {0, 2}), {}) {
    pieces_ = BlocksBetween(model_.graph(), FindCuts(model_.graph()));
    values_ = RandomInputs({model_.graph().activations[0].spec}, 1);
    whole_.SetInputs(values_);
    whole_.Run();
    for (const LayerRange& piece : pieces_) {
      Session session(ExtractSegment(model_, piece), {});
      session.SetInputs(values_);
      session.Run();
      session.GetOutputs(values_);
    }
  }

  static Model Make() {
    Random random(3);
    OnnxBuilder builder;
    builder.Input("x", {1, 3, 8, 8}).Output("conv2");
    builder.Node("Conv", "conv", {"x", builder.Weight("w1", {8, 3, 3, 3}, random)});
    builder.Node("Relu", "relu", {"conv"});
    builder.Node("Conv", "conv2", {"relu", builder.Weight("w2", {4, 8, 3, 3}, random)});
    return builder.Make();
  }

  void Spoil(const std::string& name) {
    const float wrong = 1e3;
    std::memcpy(values_.at(name).data.data() + 40, &wrong, sizeof(wrong));
  }

  Model model_;
  Session whole_;
  std::vector<LayerRange> pieces_;
  TensorMap values_;
};

TEST_F(ChainCheck, NamesTheFirstPieceWhoseOutputIsWrong) {
  ASSERT_EQ(pieces_.size(), 3u);
  EXPECT_EQ(FirstWrongPiece(model_, pieces_, values_, {}), std::nullopt);
  Spoil("relu");
  Spoil("conv2");
  EXPECT_EQ(FirstWrongPiece(model_, pieces_, values_, {}), "layers 1-1 (relu to relu)");
}

TEST_F(ChainCheck, ThrowsWhereTheModelsOutputIsWrong) {
  EXPECT_NO_THROW(RequireSameOutputs(model_, whole_, pieces_, values_, {}));
  Spoil("conv2");
  EXPECT_THAT([&] { RequireSameOutputs(model_, whole_, pieces_, values_, {}); },
              ThrowsMessage<std::runtime_error>(
                  HasSubstr("from layers 2-2 (conv2 to conv2) on: output 'conv2': ")));
}

}  // namespace
}  // namespace scission
