#include "profile/range_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace scission {
namespace {

/// A machine whose times follow the law: blocks that cost something wherever they are, and costs of
/// entering and leaving that depend on the block, and on the bytes that are handed over.
struct Truth {
  std::vector<double> block;
  std::vector<double> enter;
  std::vector<double> leave;
  std::vector<double> cut_bytes;

  double Time(std::size_t first, std::size_t last) const {
    double sum = enter[first] + leave[last];
    for (std::size_t i = first; i <= last; ++i) sum += block[i];
    return sum;
  }

  RangeTime Measure(std::size_t first, std::size_t last) const {
    return {first, last, Time(first, last)};
  }
};

/// `odd`: how far costs of entering and leaving may be from the bytes' 10 ns each.
Truth MakeTruth(std::size_t blocks, double odd) {
  Random random(5);
  Truth truth;
  for (std::size_t i = 0; i < blocks; ++i) {
    truth.block.push_back(1e-3 * random.Uniform(1, 10));
    truth.cut_bytes.push_back(random.Uniform(0, 5e4));
  }
  for (std::size_t i = 0; i < blocks; ++i) {
    const double before = i == 0 ? 0 : truth.cut_bytes[i - 1];
    truth.enter.push_back(1e-8 * before * random.Uniform(1 - odd, 1 + odd));
    truth.leave.push_back(1e-8 * truth.cut_bytes[i] * random.Uniform(1 - odd, 1 + odd));
  }
  truth.cut_bytes.pop_back();
  return truth;
}

std::vector<RangeTime> BlocksAndWhole(const Truth& truth) {
  std::vector<RangeTime> ranges = {truth.Measure(0, truth.block.size() - 1)};
  for (std::size_t i = 0; i < truth.block.size(); ++i) ranges.push_back(truth.Measure(i, i));
  return ranges;
}

/// And all beginnings, ends and pairs.
std::vector<RangeTime> NormalRanges(const Truth& truth) {
  std::vector<RangeTime> ranges = BlocksAndWhole(truth);
  const std::size_t last = truth.block.size() - 1;
  for (std::size_t i = 1; i < last; ++i) {
    ranges.push_back(truth.Measure(0, i));
    ranges.push_back(truth.Measure(i, last));
    if (i > 1) ranges.push_back(truth.Measure(i - 1, i));
  }
  return ranges;
}

double Fitted(const RangeFit& fit, std::size_t first, std::size_t last) {
  return fit.begin[first] + fit.end[last];
}

/// The largest relative error of all ranges.
double WorstError(const RangeFit& fit, const Truth& truth) {
  double worst = 0;
  for (std::size_t first = 0; first < truth.block.size(); ++first) {
    for (std::size_t last = first; last < truth.block.size(); ++last) {
      const double error = Fitted(fit, first, last) / truth.Time(first, last) - 1;
      worst = std::max(worst, std::abs(error));
    }
  }
  return worst;
}

TEST(FitRanges, SaysNothingWhereOnlyBlocksWereMeasured) {
  EXPECT_FALSE(FitRanges(std::vector<double>{10}, std::vector<RangeTime>{{0, 0, 1}, {1, 1, 2}}));
  EXPECT_FALSE(FitRanges({}, std::vector<RangeTime>{{0, 0, 1}}));
}

TEST(FitRanges, FindsTheCostOfAByteFromTheWholeAlone) {
  const Truth truth = MakeTruth(12, 0);
  const auto fit = FitRanges(truth.cut_bytes, BlocksAndWhole(truth));
  EXPECT_LT(WorstError(*fit, truth), 1e-4);
}

TEST(FitRanges, FindsCostsThatDoNotFollowTheBytes) {
  const Truth truth = MakeTruth(12, 1);
  EXPECT_GT(WorstError(*FitRanges(truth.cut_bytes, BlocksAndWhole(truth)), truth), 0.05);
  EXPECT_LT(WorstError(*FitRanges(truth.cut_bytes, NormalRanges(truth)), truth), 0.01);
}

TEST(FitRanges, MeetsTheWholeWhereNoCutSaysWhere) {
  const std::vector<RangeTime> ranges = {{0, 0, 2}, {1, 1, 3}, {2, 2, 4}, {0, 2, 8}};
  const auto fit = FitRanges(std::vector<double>{1e6, 3e6}, ranges);
  EXPECT_NEAR(Fitted(*fit, 0, 2), 8, 1e-6);
  EXPECT_NEAR(Fitted(*fit, 0, 1), 4.75, 1e-6);  // a quarter of the bytes, a quarter of the second
  EXPECT_NEAR(Fitted(*fit, 1, 2), 6.25, 1e-6);
  EXPECT_EQ(fit->begin_seen, (std::vector<bool>{true, false, false}));
  EXPECT_EQ(fit->end_seen, (std::vector<bool>{false, false, true}));
  EXPECT_FALSE(fit->relative_deviation);
}

TEST(FitRanges, ALongerRangeTakesLongerWhereLeavingCostsTheSame) {
  Truth truth = MakeTruth(12, 1);
  std::fill(truth.enter.begin(), truth.enter.end(), 1e-4);
  std::fill(truth.leave.begin(), truth.leave.end(), 1e-4);
  const auto fit = FitRanges(truth.cut_bytes, NormalRanges(truth));
  EXPECT_TRUE(std::is_sorted(fit->end.begin(), fit->end.end()));
  EXPECT_TRUE(std::is_sorted(fit->begin.rbegin(), fit->begin.rend()));
}

TEST(FitRanges, OneWildMeasurementSpoilsNoOther) {
  const Truth truth = MakeTruth(12, 1);
  std::vector<RangeTime> ranges = NormalRanges(truth);
  const double good = WorstError(*FitRanges(truth.cut_bytes, ranges), truth);
  const auto wild = std::find_if(ranges.begin(), ranges.end(), [](const RangeTime& range) {
    return range.first == 0 && range.last == 6;
  });
  wild->seconds *= 3;
  EXPECT_LT(WorstError(*FitRanges(truth.cut_bytes, ranges), truth), good + 0.01);
}

TEST(FitRanges, KnowsHowFarMeasurementsScatter) {
  const Truth truth = MakeTruth(40, 0);
  std::vector<RangeTime> ranges = NormalRanges(truth);
  Random random(1);
  for (RangeTime& range : ranges) range.seconds *= random.Uniform(0.95, 1.05);  // sigma 0.029
  EXPECT_NEAR(*FitRanges(truth.cut_bytes, ranges)->relative_deviation, 0.029, 0.01);
}

/// Times that are off by `model` and measured with a standard error of `noise`, as parts of them.
std::vector<RangeTime> Scattered(const Truth& truth, double model, double noise) {
  std::vector<RangeTime> ranges = NormalRanges(truth);
  Random random(2);
  const double uniform = std::sqrt(3);  // has a deviation of 1
  for (RangeTime& range : ranges) {
    range.seconds *= 1 + model * random.Uniform(-uniform, uniform);
    range.deviation = noise * range.seconds;
    range.seconds *= 1 + noise * random.Uniform(-uniform, uniform);
  }
  return ranges;
}

TEST(FitRanges, TellsTheNoiseOfMeasurementsFromItsOwnError) {
  const Truth truth = MakeTruth(60, 0);
  const auto noise = FitRanges(truth.cut_bytes, Scattered(truth, 0, 0.04));
  EXPECT_NEAR(*noise->relative_deviation, 0.04, 0.01);
  EXPECT_LT(noise->model_deviation, 0.02);
  const auto model = FitRanges(truth.cut_bytes, Scattered(truth, 0.04, 0.001));
  EXPECT_NEAR(model->model_deviation, 0.04, 0.01);
}

TEST(Weighed, IsCloserToTheTruthThanTheMeasurementWhereThatIsNoisy) {
  const Truth truth = MakeTruth(40, 0);
  const std::vector<RangeTime> ranges = Scattered(truth, 0.002, 0.03);
  const auto fit = FitRanges(truth.cut_bytes, ranges);
  double measured = 0;
  double weighed = 0;
  for (const RangeTime& range : ranges) {
    const double time = truth.Time(range.first, range.last);
    measured += std::abs(range.seconds / time - 1);
    weighed += std::abs(Weighed(range, *fit).seconds / time - 1);
    EXPECT_LT(Weighed(range, *fit).deviation, range.deviation);
  }
  EXPECT_LT(weighed, 0.8 * measured);
}

TEST(Weighed, KeepsAMeasurementThatIsNoNoise) {
  const Truth truth = MakeTruth(12, 0);
  std::vector<RangeTime> ranges = Scattered(truth, 0.02, 0.001);
  RangeTime& odd = ranges[20];
  odd.seconds *= 1.5;
  const auto fit = FitRanges(truth.cut_bytes, ranges);
  EXPECT_NEAR(Weighed(odd, *fit).seconds / odd.seconds, 1, 2 * 0.001);
  odd.deviation = 0;  // not known
  EXPECT_EQ(Weighed(odd, *fit).seconds, odd.seconds);
}

TEST(FitRanges, BlocksThatTakeNoTimeDoNoHarm) {
  const std::vector<RangeTime> ranges = {{0, 0, 0}, {1, 1, 0}, {2, 2, 1e-3}, {0, 2, 1e-3}};
  const auto fit = FitRanges(std::vector<double>{0, 0}, ranges);
  EXPECT_NEAR(Fitted(*fit, 0, 1), 0, 1e-6);
  EXPECT_NEAR(Fitted(*fit, 1, 2), 1e-3, 1e-6);
}

}  // namespace
}  // namespace scission
