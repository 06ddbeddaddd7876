#include "report/validation_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/block_chart.h"
#include "report/colors.h"
#include "report/gnuplot.h"

namespace scission {
namespace {

constexpr PictureSize kSize = {760, 720};
constexpr const char* kPredictionColor = kHostColors[2];
constexpr const char* kBlockSumColor = kHostColors[0];

/// Measured, predicted, and the bounds of both error bars: of a measurement, the two that there
/// are.
std::string Points(const std::vector<RangeComparison>& ranges) {
  std::string points;
  for (const RangeComparison& range : ranges) {
    const double predicted = ToMilliseconds(range.predicted);
    const double deviation = ToMilliseconds(range.deviation.value_or(Seconds(0)));
    const auto [low, high] = std::minmax(range.measured, range.measured_again);
    points += fmt::format("{} {} {} {} {} {} {}\n", ToMilliseconds(range.measured), predicted,
                          ToMilliseconds(low), ToMilliseconds(high),
                          std::max(predicted - deviation, predicted / 10), predicted + deviation,
                          ToMilliseconds(range.block_sum));
  }
  return points;
}

std::vector<double> AllTimes(const std::vector<RangeComparison>& ranges) {
  std::vector<double> times;
  for (const RangeComparison& range : ranges) {
    for (const Seconds time : {range.predicted, range.block_sum, range.measured}) {
      times.push_back(ToMilliseconds(time));
    }
  }
  return times;
}

}  // namespace

std::string ValidationScript(const RangeValidation& validation, const std::string& title) {
  std::vector<double> times = AllTimes(validation.ranges);
  const auto [low, high] = std::minmax_element(times.begin(), times.end());
  const Axis axis{std::max(*low, 1e-3) / 1.5, std::max(*high, 2e-3) * 1.5, true};
  return AxisStyle("x", axis, "Measured (ms)") + AxisStyle("y", axis, "Predicted (ms)") +
         ChartTitle(title) +
         fmt::format(
             "set border 3\nset tics nomirror out\nset size square\nset tmargin 6\n"
             "set grid linecolor rgb '#dddddd' linetype 1\n"
             "set key at screen 0.5,0.92 center top horizontal reverse Left samplen 1.5\n"
             "$ranges << EOD\n{}EOD\n"
             "plot x with lines linecolor rgb '#666666' dashtype 2 title 'as measured', "
             "$ranges using 1:7 with points pointtype 8 linecolor rgb '{}' title 'sum of blocks', "
             "$ranges using 1:2:3:4:5:6 with xyerrorbars pointtype 7 pointsize 0.7 "
             "linecolor rgb '{}' title 'prediction'\n",
             Points(validation.ranges), kBlockSumColor, kPredictionColor);
}

void PlotValidation(const RangeValidation& validation, const std::string& title,
                    const std::filesystem::path& path) {
  DrawPictures(ValidationScript(validation, title), kSize, path);
}

}  // namespace scission
