#include "model/mapped_weights.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/testing/error_of.h"
#include "model/contents.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

Model MakeChain() {
  testing::OnnxBuilder builder;
  Random random(1);
  builder.Input("x", {1, 100}).Output("y");
  builder.Node("MatMul", "a", {"x", builder.Weight("w1", {100, 30}, random)});
  builder.Node("MatMul", "y", {"a", builder.Weight("w2", {30, 40}, random)});
  return builder.Make();
}

TEST(MapWeights, KeepsTheModel) {
  const TemporaryFolder folder;
  const Model model = MakeChain();
  const Model mapped = MapWeights(model, folder.path() / "weights");
  EXPECT_EQ(mapped.Hash(), model.Hash());
  EXPECT_EQ(mapped.name(), model.name());
  EXPECT_EQ(mapped.graph().layers.size(), 2u);
  ForgetWeights(mapped);
  EXPECT_EQ(mapped.Hash(), model.Hash());
}

TEST(MapWeights, SegmentsReferToTheFile) {
  const TemporaryFolder folder;
  const Model mapped = MapWeights(MakeChain(), folder.path() / "weights");
  const SegmentModel segment = ExtractSegment(mapped, {1, 1});
  EXPECT_EQ(segment.weight_folder, folder.path());
  onnx::ModelProto part;
  ASSERT_TRUE(part.ParseFromString(segment.onnx));
  ASSERT_EQ(part.graph().initializer_size(), 1);
  const auto& entries = part.graph().initializer(0).external_data();
  EXPECT_EQ(entries[0].value(), "weights");
  EXPECT_EQ(entries[1].value(), "12288");  // behind 12000 bytes, on a page of its own
  EXPECT_EQ(entries[2].value(), "4800");
  const std::string file = ReadFile(folder.path() / "weights");
  EXPECT_EQ(file.substr(12288), segment.weights.at(0).data);
}

TEST(MapWeights, WritesSegmentsAsFromMemory) {
  const TemporaryFolder folder;
  const Model model = MakeChain();
  const Model mapped = MapWeights(model, folder.path() / "weights");
  for (const std::size_t max_onnx_bytes : {kMaxOnnxBytes, std::size_t{1}}) {
    WriteSegment(mapped, {1, 1}, folder.path() / "part.onnx", max_onnx_bytes);
    const Model part = LoadModel(folder.path() / "part.onnx");
    EXPECT_EQ(part.contents().weights.at(0).data, model.contents().weights.at(1).data);
  }
}

TEST(MapWeights, NamesTheFileThatCannotBeWritten) {
  EXPECT_EQ(testing::ErrorOf([] { MapWeights(MakeChain(), "/nowhere/weights"); }),
            "/nowhere/weights: cannot be written; is the disk full?");
}

}  // namespace
}  // namespace scission
