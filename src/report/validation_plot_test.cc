#include "report/validation_plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"

namespace scission {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

RangeValidation OneRange() {
  RangeValidation validation;
  validation.ranges.push_back({.first_layer = 0,
                               .last_layer = 3,
                               .origin = SegmentOrigin::kFitted,
                               .predicted = Milliseconds(4),
                               .deviation = Milliseconds(0.5),
                               .block_sum = Milliseconds(6),
                               .measured = Milliseconds(5),
                               .measured_again = Milliseconds(4.5)});
  return validation;
}

TEST(ValidationPlot, DrawsPredictedAgainstMeasuredWithTheirErrors) {
  EXPECT_THAT(ValidationScript(OneRange(), "t"), HasSubstr("EOD\n5 4 4.5 5 3.5 4.5 6\nEOD\n"));
}

TEST(ValidationPlot, BothPicturesAreWritten) {
  const TemporaryFolder folder;
  PlotValidation(OneRange(), "a title", folder.path() / "p");
  EXPECT_THAT(ReadFile(folder.path() / "p.png"), StartsWith("\x89PNG"));
  EXPECT_THAT(ReadFile(folder.path() / "p.svg"), HasSubstr("a title"));
}

}  // namespace
}  // namespace scission
