#include "wire/stage_timing.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

StageTiming Example() {
  StageTiming timing;
  timing.host = "edge 1=ü%";
  timing.stage = "vgg19.1";
  timing.queue = Seconds(12e-6);
  timing.unpack = Seconds(3e-6);
  timing.compute = Seconds(5012.5e-6);
  timing.next = Seconds(8123e-6);
  timing.total = Seconds(13300e-6);
  timing.received = Bytes{602112};
  timing.sent = Bytes{200704};
  timing.replied = Bytes{4000};
  return timing;
}

TEST(StageTiming, IsTextThatGoesIntoAHeader) {
  EXPECT_EQ(ToText(Example()),
            "host=edge%201%3D%C3%BC%25 stage=vgg19.1 queue_us=12.0 unpack_us=3.0 compute_us=5012.5 "
            "pack_us=0.0 next_us=8123.0 total_us=13300.0 in_bytes=602112 sent_bytes=200704 "
            "reply_bytes=4000");
}

TEST(StageTiming, ComesBackFromItsText) {
  const auto timing = ParseStageTiming(ToText(Example()));
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->host, "edge 1=ü%");
  EXPECT_EQ(timing->stage, "vgg19.1");
  EXPECT_NEAR(timing->compute.count(), 5012.5e-6, 1e-12);
  EXPECT_NEAR(timing->total.count(), 13300e-6, 1e-12);
  EXPECT_EQ(timing->replied, Bytes{4000});
  EXPECT_FALSE(timing->alone);
}

TEST(StageTiming, TellsASecondComputationWhereThereWasOne) {
  StageTiming timing = Example();
  timing.alone = Seconds(4100e-6);
  const auto read = ParseStageTiming(ToText(timing));
  ASSERT_TRUE(read && read->alone);
  EXPECT_NEAR(read->alone->count(), 4100e-6, 1e-12);
}

TEST(StageTiming, OtherTextsAreNone) {
  EXPECT_FALSE(ParseStageTiming(""));
  EXPECT_FALSE(ParseStageTiming("host=a stage=b"));
  std::string negative = ToText(Example());
  negative.replace(negative.find("total_us="), 9, "total_us=-");
  EXPECT_FALSE(ParseStageTiming(negative));
  std::string cut_off = ToText(Example());
  cut_off.replace(cut_off.find("vgg19.1"), 7, "vgg%4");
  EXPECT_FALSE(ParseStageTiming(cut_off));
}

}  // namespace
}  // namespace scission
