#include "bench/pace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "base/statistics.h"

namespace scission {
namespace {

using ::testing::Each;
using ::testing::SizeIs;

/// Three subjects and an anchor that take 2, 3, 5 and 10 s at pace 1.
InterleavedSamples AtPaces(const std::vector<double>& paces) {
  InterleavedSamples samples{std::vector<std::vector<Seconds>>(3), {}};
  const double usual[] = {2, 3, 5};
  for (const double pace : paces) {
    for (std::size_t i = 0; i < 3; ++i) samples.subjects[i].emplace_back(usual[i] * pace);
    samples.anchor.emplace_back(10 * pace);
  }
  return samples;
}

Seconds AtUsualPace(const std::vector<Seconds>& samples, const std::vector<double>& paces) {
  std::vector<Seconds> usual;
  for (std::size_t i = 0; i < samples.size(); ++i) usual.push_back(samples[i] / paces[i]);
  return MedianTime(usual);
}

TEST(PaceOfRounds, IsOneOnASteadyMachine) {
  EXPECT_THAT(PaceOfRounds(AtPaces({1, 1, 1, 1}), Seconds(10)), Each(1.0));
}

TEST(PaceOfRounds, FindsThePaceOfEachRoundAgainstTheUsual) {
  const std::vector<double> paces = {1, 2, 2, 1.5, 2, 1.25};
  EXPECT_EQ(PaceOfRounds(AtPaces(paces), Seconds(10)), paces);
  // A group that was slow throughout: the anchor's usual is that of all groups.
  EXPECT_THAT(PaceOfRounds(AtPaces({1.5, 1.5, 1.5}), Seconds(10)), Each(1.5));
}

TEST(PaceOfRounds, IsNotMovedByOneSubjectThatIsSlowOnce) {
  InterleavedSamples samples = AtPaces({1, 1, 2, 1, 1});
  samples.subjects[1][0] *= 8;
  samples.anchor[3] *= 3;
  EXPECT_EQ(PaceOfRounds(samples, Seconds(10)), (std::vector<double>{1, 1, 2, 1, 1}));
}

TEST(PaceOfRounds, KnowsSubjectsThatWereLeftEarly) {
  InterleavedSamples samples = AtPaces({1, 2, 1, 2, 1, 2});
  samples.subjects[0].resize(2);
  samples.subjects[2].resize(4);
  EXPECT_EQ(PaceOfRounds(samples, Seconds(10)), (std::vector<double>{1, 2, 1, 2, 1, 2}));
}

TEST(PaceOfRounds, KnowsPacesOfRoundsInWhichHardlyAnythingIsLeft) {
  std::vector<double> paces(20, 1.5);
  std::fill_n(paces.begin(), 6, 1);
  for (const std::size_t left : {0, 1}) {
    InterleavedSamples samples = AtPaces(paces);
    for (std::size_t i = left; i < 3; ++i) samples.subjects[i].resize(6);
    EXPECT_EQ(PaceOfRounds(samples, Seconds(10)), paces) << left;
  }
}

TEST(PaceOfRounds, TellsWhatASubjectTakesFromAPaceThatChangesAllTheTime) {
  Random random(1);
  std::vector<double> paces;
  for (int i = 0; i < 12; ++i) paces.push_back(random.Uniform() < 0.5 ? 1 : 1.8);
  InterleavedSamples samples = AtPaces(paces);
  for (auto& subject : samples.subjects) {
    for (Seconds& sample : subject) sample *= 1 + 0.02 * (random.Uniform() - 0.5);
  }
  const auto found = PaceOfRounds(samples, Seconds(10));
  ASSERT_THAT(found, SizeIs(12));
  EXPECT_NEAR(AtUsualPace(samples.subjects[0], found).count(), 2, 0.02);
  EXPECT_NEAR(AtUsualPace(samples.subjects[2], found).count(), 5, 0.05);
}

MeasuredRange Range(int first, int last, const std::vector<double>& seconds,
                    const std::vector<double>& paces = {}) {
  MeasuredRange range{first, last, {}, paces};
  for (const double time : seconds) range.samples.emplace_back(time);
  return range;
}

/// The whole takes 10 at the pace of its benchmark; its blocks were measured at that and half as
/// fast.
ModelProfile TwoBlocks() {
  ModelProfile profile;
  profile.ranges = {Range(0, 0, {4, 4, 4}), Range(1, 1, {7, 14, 7}, {1, 2, 1}),
                    Range(0, 1, {10, 10, 10})};
  return profile;
}

TEST(AddSession, TheUsualPaceIsThatOfAllSessions) {
  ModelProfile profile = TwoBlocks();
  AddSession({}, Range(0, 1, {15, 15, 15, 15}), profile);
  EXPECT_EQ(profile.FindRange(0, 1)->TypicalTime(), Seconds(15));
  EXPECT_NEAR(profile.FindRange(0, 0)->TypicalTime().count(), 6, 1e-3);
  EXPECT_NEAR(profile.FindRange(1, 1)->TypicalTime().count(), 10.5, 1e-3);
  AddSession({}, Range(0, 1, {10, 10, 10}), profile);
  EXPECT_EQ(profile.FindRange(0, 1)->TypicalTime(), Seconds(10));
  EXPECT_NEAR(profile.FindRange(0, 0)->TypicalTime().count(), 4, 1e-3);
}

TEST(AddSession, PutsWhatItAddsAtThatPace) {
  ModelProfile profile = TwoBlocks();
  AddSession({Range(0, 2, {16, 8}, {2, 1})}, Range(0, 1, {20, 20, 20}), profile);
  // Half of the whole's samples are 10, half are 20, so 15 is usual.
  EXPECT_NEAR(profile.FindRange(0, 2)->TypicalTime().count(), 6, 1e-3);
  EXPECT_NEAR(profile.FindRange(0, 0)->TypicalTime().count(), 6, 1e-3);
  EXPECT_TRUE(profile.FindRange(0, 1)->paces.empty());
}

TEST(AddSession, KeepsSamplesAndPacesOfAWholeThatHasThemTogether) {
  ModelProfile profile = TwoBlocks();
  profile.ranges[2] = Range(0, 1, {20, 10}, {2, 1});
  AddSession({}, Range(0, 1, {10, 10, 10}), profile);
  EXPECT_TRUE(profile.FindRange(0, 1)->paces.empty());
  EXPECT_EQ(profile.FindRange(0, 1)->TypicalTime(), Seconds(10));
  EXPECT_NEAR(profile.FindRange(0, 0)->TypicalTime().count(), 4, 1e-3);
}

std::vector<Seconds> Times(std::initializer_list<double> seconds) {
  std::vector<Seconds> times;
  for (const double second : seconds) times.emplace_back(second);
  return times;
}

TEST(PrecisionAtUsualPace, CountsNoPace) {
  EXPECT_EQ(PrecisionAtUsualPace(Times({1, 2, 3, 1, 2, 3}), Times({4, 8, 12, 4, 8, 12, 9})), 0);
  EXPECT_EQ(PrecisionAtUsualPace(Times({1, 2}), Times({1, 2})), std::nullopt);
  EXPECT_LT(*PrecisionAtUsualPace(Times({0, 0, 1, 0}), Times({1, 1, 1, 1})), 1e12);  // finite
}

TEST(PrecisionAtUsualPace, CountsTheNoiseOfSubjectAndAnchor) {
  const auto noisy = Times({100, 101, 102, 98, 99, 100});
  const auto steady = Times({50, 50, 50, 50, 50, 50});
  // The quotients' quartiles are 1.5 % apart; times 1.96 / 1.349 times sqrt(pi / 2 / 6) / 0.6.
  EXPECT_NEAR(*PrecisionAtUsualPace(noisy, steady), 0.0186, 1e-4);
  EXPECT_NEAR(*PrecisionAtUsualPace(steady, noisy), 0.0186, 2e-4);
}

TEST(PaceOfRounds, TakesAnAnchorAlone) {
  InterleavedSamples samples;
  samples.anchor = {Seconds(1), Seconds(2), Seconds(1)};
  EXPECT_EQ(PaceOfRounds(samples, Seconds(1)), (std::vector<double>{1, 2, 1}));
}

}  // namespace
}  // namespace scission
