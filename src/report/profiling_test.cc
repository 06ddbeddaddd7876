#include "report/profiling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "report/block_chart.h"

namespace scission {
namespace {

using ::testing::HasSubstr;

/// Two blocks of a batch of two, the second without work or weights.
Profile MakeProfile(const std::string& model) {
  Profile profile;
  profile.host.name = "my box";
  ModelProfile measured;
  measured.model = model;
  measured.batch_size = 2;
  measured.blocks = {{0, 1, Bytes{1048576}, {"InputLayer", "Conv2D"}, 1792, {}, 0, 2000000000},
                     {2, 2, Bytes{262144}, {"a,b"}}};
  measured.ranges = {{0, 1, {Seconds(0.003), Seconds(0.001), Seconds(0.002)}},
                     {2, 2, {Seconds(0.00001)}}};
  profile.models.push_back(measured);
  return profile;
}

TEST(ProfilingCsv, HasTheLayoutOfTheFork) {
  EXPECT_EQ(ProfilingCsv(MakeProfile("vgg19"), 2),
            "vgg19\n"
            "layers,0-1,2\n"
            "flops,1000000000,0\n"
            "params,1792,0\n"
            "output,1,0.25\n"
            "times,2,0.01\n"
            "\n"
            "block details:\n"
            "0-1,InputLayer,Conv2D\n"
            "2,a;b\n"
            "\n\n");
}

TEST(ProfilingCsv, LeavesOutOtherBatchSizes) {
  EXPECT_EQ(ProfilingCsv(MakeProfile("vgg19"), 1), "");
}

TEST(ProfilingCsv, KeepsANameOnItsLine) {
  EXPECT_THAT(ProfilingCsv(MakeProfile("a\nb,c"), 2), ::testing::StartsWith("a b;c\nlayers,"));
}

TEST(DrawProfiling, NamesFoldersAndFilesAsTheForkDoes) {
  const TemporaryFolder folder;
  DrawProfiling(MakeProfile("m'1"), "m'1", folder.path());
  const std::string svg = ReadFile(folder.path() / "m'1" / "my box-m'1-performance-b2.svg");
  EXPECT_THAT(svg, HasSubstr("m'1 on my box, batch 2: 2.01 ms as a whole, 2.01 ms as the sum"));
  EXPECT_THAT(svg, HasSubstr("Output size (MiB)"));
  EXPECT_THAT(ReadFile(folder.path() / "m'1" / "m'1-stats.svg"),
              HasSubstr("m'1: 1 G FLOPs for one input, 1.792 k parameters"));
}

TEST(Axis, IsLogarithmicWhereValuesSpanTwoDecades) {
  const Axis near = FittingAxis({0, 1, 100});
  EXPECT_FALSE(near.is_logarithmic);
  EXPECT_EQ(near.low, 0);
  EXPECT_GT(near.high, 100);
  const Axis far = FittingAxis({0, 1, 101});
  EXPECT_TRUE(far.is_logarithmic);
  EXPECT_EQ(far.low, 0.1);
  EXPECT_GT(far.high, 101);
  EXPECT_GT(FittingAxis({0, 0}).high, 0);
}

TEST(ChartStyle, ThinsLabelsThatHaveNoRoomButNotThoseToKeep) {
  std::vector<std::string> labels;
  for (int i = 0; i < 1000; ++i) labels.push_back("b" + std::to_string(i));
  std::vector<bool> is_kept(labels.size());
  is_kept[5] = true;
  const std::string style = ChartStyle(labels, is_kept);
  EXPECT_THAT(style, HasSubstr("('b0' 0, 'b4' 4, 'b5' 5, 'b8' 8"));
  EXPECT_EQ(ChartSize(labels.size()).width, 6000);
  EXPECT_THAT(ChartStyle({labels.begin(), labels.begin() + 130}), HasSubstr("'b128' 128, 'b129'"));
  EXPECT_LT(ChartSize(130).width, 6000);
}

}  // namespace
}  // namespace scission
