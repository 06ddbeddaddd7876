#include "network/link_fit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace scission {
namespace {

constexpr std::int64_t kSizes[] = {1 << 10, 1 << 14, 1 << 18, 1 << 20, 1 << 22, 1 << 24};

/// What is to be found again.
struct Truth {
  double round_trip = 0;  ///< seconds, of an empty message
  double bytes_per_second = 0;

  double Time(std::int64_t bytes) const {
    return round_trip + static_cast<double>(bytes) / bytes_per_second;
  }
};

/// `rounds` transfers of each size, each time multiplied by what `noise` gives.
template <typename Noise>
std::vector<Transfer> Measure(const Truth& truth, int rounds, Noise noise) {
  std::vector<Transfer> transfers;
  for (int round = 0; round < rounds; ++round) {
    for (const std::int64_t bytes : kSizes) {
      transfers.push_back({bytes, Seconds(truth.Time(bytes) * noise())});
    }
  }
  return transfers;
}

TEST(BySize, CollectsTheSamplesOfEachSizeInTheirOrder) {
  const auto sizes = BySize(
      {{20, Seconds(4)}, {10, Seconds(3)}, {20, Seconds(2)}, {10, Seconds(1)}, {20, Seconds(9)}});
  ASSERT_EQ(sizes.size(), 2u);
  EXPECT_EQ(sizes[0].bytes, 10);
  EXPECT_EQ(sizes[0].median, Seconds(2));
  EXPECT_EQ(sizes[1].bytes, 20);
  EXPECT_EQ(sizes[1].samples, (std::vector<Seconds>{Seconds(4), Seconds(2), Seconds(9)}));
  EXPECT_EQ(sizes[1].median, Seconds(4));
}

TEST(LinkFit, HalvesTheRoundTripOfAnEmptyMessage) {
  // 2 s at 1000 bytes, 5 s at 4000: 1 s and 1000 bytes a second.
  const LinkFit fit = FitLink({{1000, Seconds(2)}, {4000, Seconds(5)}});
  EXPECT_EQ(fit.link, (Link{Seconds(0.5), 1000}));
  EXPECT_NEAR(fit.median_error, 0, 1e-9);
  EXPECT_NEAR(fit.worst_error, 0, 1e-9);
}

TEST(LinkFit, MakesRequestAndAnswerAddUpToWhatWasMeasured) {
  const Link there = FitLink({{1000, Seconds(2)}, {4000, Seconds(5)}}).link;
  const Link back = FitLink({{1000, Seconds(1.5)}, {4000, Seconds(3)}}).link;  // 1 s, 2000
  EXPECT_DOUBLE_EQ((TransferTime(Bytes{4000}, there) + back.latency).count(), 5);
  EXPECT_DOUBLE_EQ((TransferTime(Bytes{4000}, back) + there.latency).count(), 3);
  EXPECT_DOUBLE_EQ(RoundTrip(there, Bytes{4000}).count(), 5);
}

TEST(LinkFit, FindsTheTruthOnFastAndSlowLinks) {
  Random random(1);
  for (const Truth truth : {Truth{80e-6, 2e9}, Truth{0.4e-3, 125e6}, Truth{40e-3, 1.25e6},
                            Truth{0.12, 200e3}, Truth{2e-3, 1e10}}) {
    SCOPED_TRACE(truth.bytes_per_second);
    const auto noisy = Measure(truth, 11, [&] { return random.Uniform(0.95, 1.05); });
    const LinkFit fit = FitLink(noisy);
    EXPECT_NEAR(2 * fit.link.latency.count() / truth.round_trip, 1, 0.03);
    EXPECT_NEAR(fit.link.bytes_per_second / truth.bytes_per_second, 1, 0.05);
    EXPECT_LT(fit.median_error, 0.03);
    EXPECT_LE(fit.median_error, fit.worst_error);
    EXPECT_LT(fit.worst_error, 0.05);
  }
}

TEST(LinkFit, IsNotMovedByOutliersBelowHalfOfTheSamples) {
  const Truth truth{1e-3, 125e6};
  int count = 0;
  // Of 7 rounds of 6 sizes, 3 are disturbed: a hundredfold.
  const auto disturbed = Measure(truth, 7, [&] { return count++ / 6 % 2 == 1 ? 100.0 : 1.0; });
  const LinkFit fit = FitLink(disturbed);
  EXPECT_NEAR(2 * fit.link.latency.count(), 1e-3, 1e-8);
  EXPECT_NEAR(fit.link.bytes_per_second, 125e6, 2);
  EXPECT_LT(fit.worst_error, 1e-6);
}

TEST(LinkFit, CountsSmallSizesAsMuchAsLargeOnes) {
  // Off by 3 % each, up and down in turns: 4 us at a kilobyte, 5 ms at 16 MB.
  const Truth truth{1e-3, 100e6};
  int count = 0;
  const LinkFit fit = FitLink(Measure(truth, 1, [&] { return count++ % 2 == 0 ? 1.03 : 0.97; }));
  EXPECT_NEAR(2 * fit.link.latency.count(), 1e-3, 0.05e-3);
  EXPECT_NEAR(fit.link.bytes_per_second, 100e6, 5e6);
  EXPECT_LT(fit.worst_error, 0.07);
}

TEST(LinkFit, IsNotMovedByALargeSizeThatDoesNotFit) {
  const Truth truth{1e-3, 100e6};
  auto transfers = Measure(truth, 1, [] { return 1.0; });
  transfers.back().time *= 3;
  const LinkFit fit = FitLink(transfers);
  EXPECT_NEAR(2 * fit.link.latency.count(), 1e-3, 1e-8);
  EXPECT_NEAR(fit.link.bytes_per_second, 100e6, 2);
  EXPECT_NEAR(fit.worst_error, 2.0 / 3, 1e-6);
  EXPECT_NEAR(fit.median_error, 0, 1e-6);
}

TEST(LinkFit, IsNotMovedByWhatATrafficShaperLetsPassAtOnce) {
  // Medians of a link with 100 Mbit/s (tc tbf, 32 kB of which pass at once), in ms; iperf3 says
  // 94 Mbit/s. All of them by least squares: 164 Mbit/s.
  const LinkFit fit = FitLink({{1 << 10, Milliseconds(0.474)},
                               {1 << 12, Milliseconds(0.215)},
                               {1 << 14, Milliseconds(0.489)},
                               {1 << 16, Milliseconds(4.087)},
                               {1 << 18, Milliseconds(21.941)},
                               {1 << 20, Milliseconds(85.92)},
                               {1 << 22, Milliseconds(388.501)},
                               {1 << 24, Milliseconds(1476.159)}});
  EXPECT_NEAR(fit.link.bytes_per_second, 94e6 / 8, 2e6 / 8);
  EXPECT_NEAR(ToMilliseconds(2 * fit.link.latency), 0.4, 0.1);
  EXPECT_LT(fit.median_error, 0.1);
  EXPECT_GT(fit.worst_error, 1);
}

TEST(LinkFit, ReportsHowFarItIsOff) {
  // Size makes no difference, and 1 fits two of three.
  const LinkFit fit = FitLink({{1000, Seconds(1)}, {1001, Seconds(4)}, {1002, Seconds(1)}});
  EXPECT_NEAR(2 * fit.link.latency.count(), 1, 1e-3);
  EXPECT_NEAR(fit.median_error, 0, 1e-3);
  EXPECT_NEAR(fit.worst_error, 0.75, 1e-3);
}

TEST(LinkFit, HasNoNegativeLatency) {
  // Per byte the larger message takes longer than the smaller one. Both lie within twice the median
  // error of the line from nothing through either, so v = 1000 and 800 bytes a second give
  // (1000 + 800) / (1000^2 + 800^2) seconds a byte.
  const LinkFit fit = FitLink({{1000, Seconds(1)}, {4000, Seconds(5)}});
  EXPECT_EQ(fit.link.latency, Seconds(0));
  EXPECT_EQ(fit.link.bytes_per_second, std::round(1640000.0 / 1800));
  EXPECT_NEAR(fit.worst_error, 1 - 4000 * 1800 / 1640000.0 / 5, 1e-3);  // at 4000 bytes
}

TEST(LinkFit, HasAFiniteBandwidthWhereSizeMakesNoDifference) {
  const LinkFit fit = FitLink({{1000, Seconds(2)}, {4000, Seconds(2)}, {16000, Seconds(1.95)}});
  EXPECT_EQ(fit.link.bytes_per_second, kMaxBytesPerSecond);
  // 2 * latency is the x of (u1 + u2 + u3) = (u1^2 + u2^2 + u3^2) x, u = 1 / time.
  const double u = 1 / 1.95;
  EXPECT_NEAR(2 * fit.link.latency.count(), (1 + u) / (0.5 + u * u), 1e-6);
}

TEST(LinkFit, IsWhatFilesKeepExactly) {
  const LinkFit fit = FitLink({{1000, Seconds(0.3234567891)}, {3000, Seconds(0.7234567891)}});
  EXPECT_EQ(fit.link.bytes_per_second, 5000);
  EXPECT_EQ(fit.link.latency, Milliseconds(61.728395));  // 0.06172839455
}

}  // namespace
}  // namespace scission
