#include "bench/measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace scission {
namespace {

using ::testing::ElementsAre;

class ManualClock : public Clock {
 public:
  Seconds Now() override { return now; }
  Seconds now{0};
};

TEST(MeasureInterleaved, VisitsSubjectsInTurnAndTimesTheSecondRunOfEachVisit) {
  ManualClock clock;
  std::string order;
  int runs_of_a = 0;
  const std::vector<std::function<void()>> subjects = {
      [&] {
        order += 'a';
        clock.now += Seconds(++runs_of_a);  // run number n takes n seconds
      },
      [&] {
        order += 'b';
        clock.now += Seconds(10);
      }};
  int visits = 0;
  const auto samples =
      MeasureInterleaved(subjects, {.warmups = 1, .rounds = 2}, clock, [&] { ++visits; });
  EXPECT_EQ(order, "abaabbaabb");
  EXPECT_THAT(samples[0], ElementsAre(Seconds(3), Seconds(5)));
  EXPECT_THAT(samples[1], ElementsAre(Seconds(10), Seconds(10)));
  EXPECT_EQ(visits, 6);  // two of them warm-ups
}

}  // namespace
}  // namespace scission
