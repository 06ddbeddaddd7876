#include "profile/profile.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

TEST(MeasuredRange, SummarisesItsSamples) {
  const MeasuredRange range{0, 1, {Seconds(3), Seconds(1), Seconds(2)}};
  EXPECT_EQ(range.Median(), Seconds(2));
  EXPECT_EQ(range.Percentile(0), Seconds(1));
  EXPECT_EQ(range.Percentile(1), Seconds(3));
}

TEST(ModelProfile, FindsExactlyTheRangeAskedFor) {
  ModelProfile model;
  model.ranges = {{0, 1, {Seconds(1)}}, {0, 2, {Seconds(2)}}};
  EXPECT_EQ(model.FindRange(0, 2), &model.ranges[1]);
  EXPECT_EQ(model.FindRange(1, 2), nullptr);
}

TEST(ModelProfile, TellsHowFarTheMachinesPaceWasFromItsUsualOne) {
  ModelProfile model;
  model.blocks.resize(2);
  model.blocks[1].first_layer = model.blocks[1].last_layer = 1;
  EXPECT_FALSE(model.PaceDeviation());
  model.ranges = {{0, 1, std::vector<Seconds>(12, Seconds(10))}};
  EXPECT_EQ(model.PaceDeviation(), 0);
  model.ranges[0].samples.insert(model.ranges[0].samples.end(), 5, Seconds(7));  // at another time
  EXPECT_NEAR(*model.PaceDeviation(), 0.3 / 2.5632, 1e-9);
  model.ranges[0].samples.resize(5);
  EXPECT_FALSE(model.PaceDeviation());
}

TEST(Profile, FindsModelsByLowerCaseName) {
  Profile profile;
  profile.models.resize(1);
  profile.models[0].model = "vgg19";
  EXPECT_EQ(profile.FindModel("vgg19"), &profile.models[0]);
  EXPECT_EQ(profile.FindModel("vgg16"), nullptr);
}

}  // namespace
}  // namespace scission
