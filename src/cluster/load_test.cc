#include "cluster/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

namespace scission {
namespace {

using ::testing::ElementsAre;

TEST(Load, ArrivesAtTheRate) {
  EXPECT_THAT(ArrivalTimes(4, 2, Arrivals::kFixed, 1),
              ElementsAre(Seconds(0), Seconds(0.5), Seconds(1), Seconds(1.5)));
  const auto times = ArrivalTimes(10001, 50, Arrivals::kPoisson, 1);
  EXPECT_NEAR(times.back().count(), 200, 6);  // 3 standard deviations: 200 / sqrt(10000) each
  int long_gaps = 0;                          // longer than the mean: e^-1 of them
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (times[i] - times[i - 1] > Seconds(1.0 / 50)) ++long_gaps;
  }
  EXPECT_NEAR(long_gaps, 3679, 200);  // 4 standard deviations
  EXPECT_NE(times, ArrivalTimes(10001, 50, Arrivals::kPoisson, 2));
}

TEST(Load, AClosedLoopHasSoManyRequestsAtATimeAndSendsEachOnce) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::mutex mutex;
  std::multiset<std::size_t> sent;
  std::set<std::size_t> clients;
  const LoadResult result = RunLoad(
      {.requests = 30, .concurrency = 3},
      [&](std::size_t request, std::size_t client) {
        const int now = ++running;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        const std::lock_guard lock(mutex);
        sent.insert(request);
        clients.insert(client);
        --running;
      },
      nullptr);
  EXPECT_EQ(most, 3);
  EXPECT_EQ(sent.size(), 30u);
  EXPECT_EQ(std::set(sent.begin(), sent.end()).size(), 30u);
  EXPECT_THAT(clients, ElementsAre(0, 1, 2));
  ASSERT_EQ(result.answered.size(), 30u);
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(result.answered[i].number, i);
    EXPECT_GE((result.answered[i].end - result.answered[i].begin).count(), 0.002);
    EXPECT_EQ(result.answered[i].due, result.answered[i].begin);
  }
  EXPECT_GE(result.duration.count(), 0.02);
  EXPECT_FALSE(result.failure);
}

TEST(Load, AnOpenLoopDoesNotWaitForAnswers) {
  const LoadResult result = RunLoad(
      {.requests = 10, .rate = 1000, .arrivals = Arrivals::kFixed},
      [](std::size_t, std::size_t) { std::this_thread::sleep_for(std::chrono::milliseconds(100)); },
      nullptr);
  ASSERT_EQ(result.answered.size(), 10u);
  EXPECT_NEAR(ToMilliseconds(result.answered[9].due), 9, 1e-9);
  EXPECT_GE(result.answered[9].begin, result.answered[9].due);
  EXPECT_GE(result.duration.count(), 0.1);
  EXPECT_LT(result.duration.count(), 0.9);  // one after the other: 1 s
}

TEST(Load, AFullQueueCostsTheRequestAloneAndAnyOtherFailureEndsTheLoad) {
  const LoadResult result = RunLoad(
      {.requests = 10},
      [](std::size_t request, std::size_t) {
        if (request == 2) throw RequestError(FailureKind::kBusy, "a", "full");
        if (request == 5) throw RequestError(FailureKind::kUnreachable, "b", "gone");
      },
      nullptr);
  EXPECT_EQ(result.rejected, 1u);
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->host(), "b");
  EXPECT_STREQ(result.failure->what(), "gone");
  std::vector<std::size_t> numbers;
  for (const RequestSlot& slot : result.answered) numbers.push_back(slot.number);
  EXPECT_THAT(numbers, ElementsAre(0, 1, 3, 4));
}

TEST(Load, EndsWhenItIsCancelled) {
  std::atomic<int> sent = 0;
  const LoadResult result = RunLoad(
      {.requests = 1000, .concurrency = 2}, [&](std::size_t, std::size_t) { ++sent; },
      [&] { return sent >= 10; });
  EXPECT_LT(result.answered.size(), 15u);
  EXPECT_FALSE(result.failure);
}

TEST(Load, PassesOnWhatElseIsThrown) {
  EXPECT_THROW(RunLoad(
                   {.requests = 3, .concurrency = 2},
                   [](std::size_t, std::size_t) { throw std::logic_error("bug"); }, nullptr),
               std::logic_error);
}

}  // namespace
}  // namespace scission
