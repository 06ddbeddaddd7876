#include "cluster/stage_timing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scission {
namespace {

TEST(StageTiming, ReadsWhatAStageTells) {
  const auto timing = ParseStageTiming(
      "host=edge1 stage=squeezenet.1 queue_us=12 unpack_us=3.5 compute_us=5012 pack_us=40 "
      "next_us=8123 total_us=13300 in_bytes=602112 sent_bytes=200704 reply_bytes=4000");
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->host, "edge1");
  EXPECT_EQ(timing->stage, "squeezenet.1");
  EXPECT_DOUBLE_EQ(timing->queue.count(), 12e-6);
  EXPECT_DOUBLE_EQ(timing->unpack.count(), 3.5e-6);
  EXPECT_DOUBLE_EQ(timing->compute.count(), 5012e-6);
  EXPECT_DOUBLE_EQ(timing->pack.count(), 40e-6);
  EXPECT_DOUBLE_EQ(timing->next.count(), 8123e-6);
  EXPECT_DOUBLE_EQ(timing->total.count(), 13300e-6);
  EXPECT_EQ(timing->in, Bytes{602112});
  EXPECT_EQ(timing->sent, Bytes{200704});
  EXPECT_EQ(timing->reply, Bytes{4000});
}

TEST(StageTiming, SkipsWhatANewerProgramTellsBesides) {
  const auto timing = ParseStageTiming("mood=good host=a stage=s total_us=1");
  ASSERT_TRUE(timing);
  EXPECT_DOUBLE_EQ(timing->total.count(), 1e-6);
  EXPECT_EQ(timing->next.count(), 0);
}

TEST(StageTiming, RefusesWhatIsNone) {
  for (const char* text :
       {"", "host=a", "stage=s", "host=a stage=s total_us=-1", "host=a stage=s total_us=nan",
        "host=a stage=s total_us=1e300", "host=a stage=s in_bytes=many", "host=a stage=s 12"}) {
    EXPECT_FALSE(ParseStageTiming(text)) << text;
  }
}

TEST(StageTiming, HostileNamesCannotWriteToTheTerminal) {
  const auto timing = ParseStageTiming("host=a\x1b[2J stage=s");
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->host.find('\x1b'), std::string::npos);
}

TEST(StageTiming, AreBroughtIntoTheOrderOfTheStages) {
  const StageTiming first{.host = "a", .stage = "m"};
  const StageTiming second{.host = "b", .stage = "m.1"};
  const auto ordered = InOrder({second, first}, {"m", "m.1"});
  ASSERT_TRUE(ordered);
  EXPECT_EQ((*ordered)[0].host, "a");
  EXPECT_EQ((*ordered)[1].host, "b");
  EXPECT_FALSE(InOrder({first}, {"m", "m.1"}));
  EXPECT_FALSE(InOrder({first, first}, {"m", "m.1"}));
  EXPECT_FALSE(InOrder({first, second, second}, {"m", "m.1"}));
  EXPECT_FALSE(InOrder({second, second}, {"m", "m.1"}));
}

}  // namespace
}  // namespace scission
