#include "network/measure_links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <stdexcept>

namespace scission {
namespace {

using ::testing::ElementsAre;

/// Links that take exactly what their figures say; keeps what was sent.
class FakeNetwork {
 public:
  struct Call {
    HostPair ends;
    std::vector<std::int64_t> sizes;
    int rounds = 0;
  };

  std::map<HostPair, Link> links;  ///< round trips: twice the latency
  std::vector<Call> calls;

  LinkProbe Probe() {
    return [this](const HostPair& ends, const std::vector<std::int64_t>& sizes, int rounds,
                  const std::function<void(const Transfer&)>& sample) {
      calls.push_back({ends, sizes, rounds});
      if (!links.contains(ends)) throw std::runtime_error(ends.to + ": no route to host");
      for (int round = 0; round < rounds; ++round) {
        for (const std::int64_t bytes : sizes) {
          sample({bytes, RoundTrip(links[ends], Bytes{static_cast<double>(bytes)})});
        }
      }
    };
  }
};

constexpr std::int64_t kKilo = 1 << 10;
constexpr std::int64_t kMega = 1 << 20;

TEST(AllPairs, HasEachHostItselfAndBothDirectionsSideBySide) {
  EXPECT_THAT(AllPairs({"a", "b", "c"}),
              ElementsAre(HostPair{"a", "a"}, HostPair{"b", "b"}, HostPair{"c", "c"},
                          HostPair{"a", "b"}, HostPair{"b", "a"}, HostPair{"a", "c"},
                          HostPair{"c", "a"}, HostPair{"b", "c"}, HostPair{"c", "b"}));
  EXPECT_THAT(AllPairs({"a"}), ElementsAre(HostPair{"a", "a"}));
}

TEST(MeasureLinks, MeasuresAFastLinkWithAllSizes) {
  FakeNetwork network;
  network.links[{"a", "b"}] = {Milliseconds(0.25), 125e6};
  const auto measured = MeasureLinks({{"a", "b"}}, network.Probe(), {.rounds = 3, .date = "now"});
  ASSERT_EQ(measured.links.size(), 1u);
  EXPECT_TRUE(measured.failed.empty());
  EXPECT_EQ(measured.links[0].ends, (HostPair{"a", "b"}));
  EXPECT_EQ(measured.links[0].date, "now");
  EXPECT_EQ(measured.links[0].fit.link, network.links.at({"a", "b"}));
  EXPECT_EQ(measured.links[0].transfers.size(), 3u * 8);
  EXPECT_THAT(network.calls.back().sizes, ElementsAre(kKilo, 4 * kKilo, 16 * kKilo, 64 * kKilo,
                                                      256 * kKilo, kMega, 4 * kMega, 16 * kMega));
  EXPECT_EQ(network.calls.back().rounds, 3);
}

TEST(MeasureLinks, StopsWhereATransferWouldTakeTooLong) {
  FakeNetwork network;
  network.links[{"a", "b"}] = {Milliseconds(50), 800e3};  // 256 KB in 0.4 s, 1 MB in 1.4 s
  const auto measured = MeasureLinks({{"a", "b"}}, network.Probe(), {});
  EXPECT_THAT(network.calls.back().sizes,
              ElementsAre(kKilo, 4 * kKilo, 16 * kKilo, 64 * kKilo, 256 * kKilo));
  for (const FakeNetwork::Call& call : network.calls) EXPECT_LE(call.sizes.back(), 256 * kKilo);
  EXPECT_EQ(measured.links.at(0).fit.link, network.links.at({"a", "b"}));
}

TEST(MeasureLinks, TakesTwoSizesHoweverSlowTheLinkIs) {
  FakeNetwork network;
  network.links[{"a", "b"}] = {Seconds(1), 100};
  const auto measured = MeasureLinks({{"a", "b"}}, network.Probe(), {.rounds = 1});
  EXPECT_THAT(network.calls.back().sizes, ElementsAre(kKilo, 4 * kKilo));
  EXPECT_EQ(measured.links.at(0).fit.link, network.links.at({"a", "b"}));
}

TEST(MeasureLinks, IsNotStoppedByOneHiccup) {
  FakeNetwork network;
  network.links[{"a", "b"}] = {Milliseconds(1), 125e6};
  int count = 0;
  const LinkProbe probe = [&](const HostPair& ends, const std::vector<std::int64_t>& sizes,
                              int rounds, const std::function<void(const Transfer&)>& sample) {
    network.Probe()(ends, sizes, rounds, [&](Transfer transfer) {
      if (++count % 5 == 0) transfer.time += Seconds(3);
      sample(transfer);
    });
  };
  MeasureLinks({{"a", "b"}}, probe, {});
  EXPECT_EQ(network.calls.back().sizes.back(), 16 * kMega);
}

TEST(MeasureLinks, GoesOnBehindALinkThatFails) {
  FakeNetwork network;
  network.links[{"a", "b"}] = {Milliseconds(1), 1e6};
  network.links[{"b", "c"}] = {Milliseconds(2), 2e6};
  const auto measured =
      MeasureLinks({{"a", "b"}, {"a", "c"}, {"b", "c"}}, network.Probe(), {.rounds = 1});
  ASSERT_EQ(measured.links.size(), 2u);
  EXPECT_EQ(measured.links[1].fit.link, (Link{Milliseconds(2), 2e6}));
  ASSERT_EQ(measured.failed.size(), 1u);
  EXPECT_EQ(measured.failed[0].ends, (HostPair{"a", "c"}));
  EXPECT_EQ(measured.failed[0].reason, "c: no route to host");
}

TEST(MeasureLinks, RefusesSamplesThatCannotBe) {
  const auto reason = [](const std::vector<Transfer>& transfers) {
    const LinkProbe probe = [&](const HostPair&, const std::vector<std::int64_t>&, int,
                                const std::function<void(const Transfer&)>& sample) {
      for (const Transfer& transfer : transfers) sample(transfer);
    };
    const auto measured = MeasureLinks({{"a", "b"}}, probe, {});
    EXPECT_TRUE(measured.links.empty());
    return measured.failed.empty() ? "" : measured.failed[0].reason;
  };
  const Transfer good{kKilo, Seconds(0.5)};
  EXPECT_EQ(reason({}), "a left 2 transfers of 1024 bytes out");
  EXPECT_EQ(reason({good}), "a left 1 transfers of 1024 bytes out");
  EXPECT_EQ(reason({good, good, good}), "a gave a transfer of 1024 bytes in 0.5 s");
  EXPECT_EQ(reason({{7, Seconds(0.5)}}), "a gave a transfer of 7 bytes in 0.5 s");
  EXPECT_EQ(reason({{kKilo, Seconds(0)}}), "a gave a transfer of 1024 bytes in 0 s");
  EXPECT_EQ(reason({{kKilo, Seconds(-1)}}), "a gave a transfer of 1024 bytes in -1 s");
  EXPECT_EQ(reason({{kKilo, Seconds(NAN)}}), "a gave a transfer of 1024 bytes in nan s");
}

TEST(MeasureLinks, TellsWhatHappensInItsOrder) {
  FakeNetwork network;
  network.links[{"a", "b"}] = {Seconds(1), 100};
  std::vector<std::string> events;
  const MeasureObserver observer = {
      [&](const HostPair& ends) { events.push_back("begins " + ends.from + ends.to); },
      [&](const HostPair&, int done, int total) {
        events.push_back(std::to_string(done) + "/" + std::to_string(total));
      },
      [&](const LinkMeasurement& link) { events.push_back("measured " + link.ends.to); },
      [&](const FailedLink& link) { events.push_back("failed " + link.ends.to); }};
  MeasureLinks({{"a", "b"}, {"a", "c"}}, network.Probe(), {.rounds = 1}, observer);
  EXPECT_THAT(events,
              ElementsAre("begins ab", "1/2", "2/2", "measured b", "begins ac", "failed c"));
}

TEST(MeasureLinks, DoesNotTakeAnErrorOfTheObserverForOneOfTheLink) {
  FakeNetwork network;
  network.links[{"a", "b"}] = {Milliseconds(1), 1e6};
  const MeasureObserver observer = {
      .measured = [](const LinkMeasurement&) { throw std::runtime_error("disk full"); }};
  EXPECT_THROW(MeasureLinks({{"a", "b"}}, network.Probe(), {}, observer), std::runtime_error);
}

}  // namespace
}  // namespace scission
