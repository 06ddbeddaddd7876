#include "bench/model_benchmark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using ::testing::HasSubstr;
using testing::OnnxBuilder;

class ModelBenchmark : public ::testing::Test {
 protected:
  ModelBenchmark() {
    Random random(3);
    builder_.Input("x", {-1, 3, 16, 16}).Output("gap");
    builder_.Node("Conv", "conv", {"x", builder_.Weight("w1", {8, 3, 3, 3}, random)});
    builder_.Node("Relu", "relu", {"conv"});
    builder_.Node("Conv", "conv2", {"relu", builder_.Weight("w2", {4, 8, 3, 3}, random)});
    builder_.Node("GlobalAveragePool", "gap", {"conv2"});
    file_ = folder_.path() / "Small.onnx";
    WriteFileAtomically(file_, builder_.proto().SerializeAsString());
  }

  ModelProfile Run(const BenchmarkOptions& options) const {
    return BenchmarkModel(file_.string(), options, [](auto&&...) {});
  }

  TemporaryFolder folder_;
  OnnxBuilder builder_;
  std::filesystem::path file_;
};

TEST_F(ModelBenchmark, MeasuresCodecsWhereItIsAskedFor) {
  BenchmarkOptions options{.effort = Effort::kQuick,
                           .keeps_all_cuts = true,
                           .measure = {.min_rounds = 1, .max_rounds = 1},
                           .engine = {.threads = 1}};
  EXPECT_TRUE(Run(options).blocks.at(0).codecs.empty());
  options.measures_codecs = true;
  const ModelProfile profile = Run(options);
  ASSERT_EQ(profile.blocks.size(), 4u);
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(profile.blocks[i].codecs.size(), 3u);
    EXPECT_EQ(profile.blocks[i].codecs[0].codec, "fp16");
    EXPECT_EQ(profile.blocks[i].codecs[0].bytes.count, profile.blocks[i].output_bytes.count / 2);
  }
  EXPECT_TRUE(profile.blocks[3].codecs.empty());  // nothing is cut behind it
}

TEST_F(ModelBenchmark, MeasuresTheWholeAndEveryBlock) {
  const ModelProfile profile = Run({.effort = Effort::kQuick,
                                    .keeps_all_cuts = true,
                                    .measure = {.min_rounds = 3, .max_rounds = 3},
                                    .engine = {.threads = 1},
                                    .load = {.batch_size = 2}});
  EXPECT_EQ(profile.model, "small");
  EXPECT_EQ(profile.threads, 1);
  EXPECT_EQ(profile.batch_size, 2);
  EXPECT_EQ(profile.provider, "cpu");
  EXPECT_EQ(profile.input_bytes, Bytes{2 * 3 * 16 * 16 * 4});
  EXPECT_GT(profile.load_time.value(), Seconds(0));
  EXPECT_GT(profile.first_run_time.value(), Seconds(0));
  EXPECT_FALSE(profile.preprocess_time.has_value());
  ASSERT_EQ(profile.blocks.size(), 4u);
  EXPECT_EQ(profile.blocks[0].output_bytes, Bytes{2 * 8 * 14 * 14 * 4});
  EXPECT_EQ(profile.blocks[3].output_bytes, Bytes{2 * 4 * 4});
  EXPECT_EQ(profile.blocks[2].parameters, 4 * 8 * 3 * 3);
  EXPECT_EQ(profile.blocks[0].peak_activation_bytes, Bytes{2 * (3 * 16 * 16 + 8 * 14 * 14) * 4});
  ASSERT_EQ(profile.ranges.size(), 5u);
  for (int i = 0; i < 4; ++i) EXPECT_NE(profile.FindRange(i, i), nullptr) << i;
  ASSERT_NE(profile.FindRange(0, 3), nullptr);
  for (const MeasuredRange& range : profile.ranges) {
    EXPECT_EQ(range.samples.size(), 3u);
    for (const Seconds sample : range.samples) EXPECT_GT(sample, Seconds(0));
  }
}

TEST_F(ModelBenchmark, LeavesOutCutsInsideKernels) {
  const ModelProfile profile = Run({.measure = {.min_rounds = 1, .max_rounds = 1}});
  ASSERT_EQ(profile.blocks.size(), 3u);
  EXPECT_EQ(profile.blocks[0].last_layer, 1);  // conv | relu
  EXPECT_EQ(profile.cuts_left_out, 1);
  ASSERT_EQ(profile.ranges.size(), 6u);  // all: prefixes and suffixes of three blocks
  EXPECT_NE(profile.FindRange(0, 2), nullptr);
  EXPECT_NE(profile.FindRange(2, 3), nullptr);
}

TEST_F(ModelBenchmark, NamesTheImageThatCannotBeUsed) {
  BenchmarkOptions options;
  options.image = (folder_.path() / "absent.png").string();
  try {
    Run(options);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("absent.png: cannot be opened"));
  }
}

}  // namespace
}  // namespace scission
