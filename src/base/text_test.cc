#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scission {
namespace {

using ::testing::ElementsAre;

TEST(Text, SplitTrimsAndKeepsEmptyParts) {
  EXPECT_THAT(Split(" a , b,,c ", ','), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(Split("", ','), ElementsAre(""));
}

TEST(Text, ParseNumberTakesTheWholeText) {
  EXPECT_EQ(ParseNumber("1.5e-3"), 1.5e-3);
  EXPECT_EQ(ParseNumber("+2"), 2);
  for (const char* bad : {"", " 1", "1x", "nan", "inf", "-infinity", "1e999", "0x10", "1,5"}) {
    EXPECT_EQ(ParseNumber(bad), std::nullopt) << bad;
  }
}

TEST(Text, ParseIntegerRefusesFractionsAndOverflow) {
  EXPECT_EQ(ParseInteger("-12"), -12);
  EXPECT_EQ(ParseInteger("1.0"), std::nullopt);
  EXPECT_EQ(ParseInteger("99999999999999999999"), std::nullopt);
}

TEST(Text, NearestSuggestsOnlyWhatIsNear) {
  EXPECT_EQ(Nearest("resnet5", {"vgg19", "resnet50"}), "resnet50");
  EXPECT_EQ(Nearest("bert", {"vgg19", "resnet50"}), std::nullopt);
}

TEST(Text, PrintableHidesControlCharactersAndBrokenUtf8) {
  EXPECT_EQ(Printable("a\x1b[31mb\n\xff\xc3\xa9"), "a?[31mb ?\xc3\xa9");
  EXPECT_EQ(Printable("\xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \xef\xbf\xbf"), "?? ??? ???? ???");
  EXPECT_EQ(Printable("\xf0\x9f\x90\x88\xef\xbf\xbd"), "\xf0\x9f\x90\x88\xef\xbf\xbd");
  EXPECT_EQ(Printable("abcdef", 3), "abc...");
}

}  // namespace
}  // namespace scission
