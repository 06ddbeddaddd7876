#include "report/run_timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "report/testing/run_example.h"

namespace scission {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::RunExample;
using ::testing::StartsWith;

std::string Spell(const Span& span) {
  static constexpr const char* kWords[] = {"wait", "prepare", "compute", "send", "reply"};
  char text[100];
  std::snprintf(text, sizeof(text), "%s %s %.3g-%.3g", span.lane.c_str(),
                kWords[static_cast<int>(span.kind)], ToMilliseconds(span.begin),
                ToMilliseconds(span.end));
  return text;
}

TEST(RunTimeline, HopsAreDividedByTheBytesThereAndBack) {
  std::vector<std::string> spans;
  for (const Span& span : SpansOf(RunExample())) spans.push_back(Spell(span));
  EXPECT_THAT(spans,
              ElementsAre("pi wait 1-3", "pi prepare 3-4", "pi compute 4-12", "pi prepare 12-13",
                          "gpu - pi send 13-15", "gpu compute 15-18", "gpu - pi reply 19-21"));
}

TEST(RunTimeline, LanesAreInTheOrderOfTheWay) {
  EXPECT_THAT(LanesOf(RunExample()), ElementsAre("pi", "gpu - pi", "gpu"));
}

TEST(RunTimeline, ShortSpansAreLeftOutWhereTheyTakeNoTime) {
  RunReport report = RunExample();
  report.typical[0].queue = Seconds(0);
  EXPECT_EQ(Spell(SpansOf(report).front()), "pi prepare 3-4");  // 3 of its total are left
}

TEST(RunTimeline, NothingIsDrawnOfWhatIsNotKnown) {
  RunReport report = RunExample();
  report.typical.clear();
  EXPECT_TRUE(SpansOf(report).empty());
  EXPECT_FALSE(PlotTimeline(report, "/nonexistent/picture"));
}

TEST(RunTimeline, DrawsBothPictures) {
  const TemporaryFolder folder;
  EXPECT_TRUE(PlotTimeline(RunExample(), folder.path() / "t"));
  EXPECT_THAT(ReadFile(folder.path() / "t.png"), StartsWith("\x89PNG"));
  EXPECT_THAT(ReadFile(folder.path() / "t.svg"), HasSubstr("computing"));
}

}  // namespace
}  // namespace scission
