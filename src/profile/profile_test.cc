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

TEST(Profile, FindsModelsByLowerCaseName) {
  Profile profile;
  profile.models.resize(1);
  profile.models[0].model = "vgg19";
  EXPECT_EQ(profile.FindModel("vgg19"), &profile.models[0]);
  EXPECT_EQ(profile.FindModel("vgg16"), nullptr);
}

}  // namespace
}  // namespace scission
