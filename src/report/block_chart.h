// What the pictures with a bar for each block have in common: pieces of gnuplot scripts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/gnuplot.h"

namespace scission {

/// The layers of a block as its label: "6", "6-17".
std::string LayersLabel(int first_layer, int last_layer);

struct Axis {
  double low = 0;
  double high = 0;
  bool is_logarithmic = false;
};

/// Around all of `values` above 0, from a power of ten.
Axis LogarithmicAxis(const std::vector<double>& values);
/// The same where the values above 0 span more than two decades; else from 0.
Axis FittingAxis(const std::vector<double>& values);

/// Room for `bars` bars with labels, within what bitmaps can hold.
PictureSize ChartSize(std::size_t bars);

/// Bars side by side with `labels` turned beneath them, axes, grid, and the key in one line above.
/// Of more labels than have room only every so many are drawn, but all that `is_kept` names.
std::string ChartStyle(const std::vector<std::string>& labels,
                       const std::vector<bool>& is_kept = {});

/// `title` large above all.
std::string ChartTitle(std::string_view title);

enum class TicFormat { kPlain, kPrefixed };  ///< "1500000", "1.5 M"

/// Range, scale and title of an axis; `name` is "y", or "y2" for the one on the right.
std::string AxisStyle(const std::string& name, const Axis& axis, std::string_view title,
                      TicFormat format = TicFormat::kPlain);

/// "0" on the ground at `x`, where a logarithmic bar of 0 would be missing.
std::string ZeroMark(double x);

/// One series of a chart; a value stands at x = its index + `shift`. Values that `axis` cannot show
/// are left out.
struct ChartSeries {
  std::vector<double> values;
  std::string title;
  std::string color;
  std::string style = "boxes";  ///< how gnuplot draws it
  std::string axes = "x1y1";
  double shift = 0;
};

/// The data of all series and the plot command.
std::string PlotCommand(const std::vector<ChartSeries>& series);

}  // namespace scission
