#include "report/profiling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "profile/segment_time.h"
#include "report/block_chart.h"
#include "report/block_stats.h"
#include "report/colors.h"
#include "report/gnuplot.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOrange = kHostColors[0];
constexpr const char* kBlue = kHostColors[2];

/// One cell of a table without quoting: on one line, without commas.
std::string Cell(const std::string& text) {
  std::string cell = Printable(text);
  std::replace(cell.begin(), cell.end(), ',', ';');
  return cell;
}

template <typename Value>
std::string Row(const std::string& name, const std::vector<BlockStats>& stats,
                Value BlockStats::*value) {
  std::string row = name;
  for (const BlockStats& block : stats) row += fmt::format(",{}", block.*value);
  return row + "\n";
}

std::string BlockDetails(const ModelProfile& model, const std::vector<BlockStats>& stats) {
  std::string details = "block details:\n";
  for (std::size_t i = 0; i < stats.size(); ++i) {
    details += stats[i].layers;
    for (const std::string& type : model.blocks[i].layer_types) details += "," + Cell(type);
    details += "\n";
  }
  return details;
}

std::string ModelTable(const ModelProfile& model) {
  const std::vector<BlockStats> stats = StatsOf(model);
  return Cell(model.model) + "\n" + Row("layers", stats, &BlockStats::layers) +
         Row("flops", stats, &BlockStats::flops) + Row("params", stats, &BlockStats::parameters) +
         Row("output", stats, &BlockStats::output_mib) + Row("times", stats, &BlockStats::time_ms) +
         "\n" + BlockDetails(model, stats) + "\n\n";
}

template <typename Value>
std::vector<double> Values(const std::vector<BlockStats>& stats, Value BlockStats::*value) {
  std::vector<double> values;
  for (const BlockStats& block : stats) values.push_back(static_cast<double>(block.*value));
  return values;
}

std::string StyleOf(const std::vector<BlockStats>& stats) {
  std::vector<std::string> labels;
  for (const BlockStats& block : stats) labels.push_back(block.layers);
  return ChartStyle(labels);
}

std::string ZeroMarks(const std::vector<double>& values, double shift) {
  std::string script;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == 0) script += ZeroMark(static_cast<double>(i) + shift);
  }
  return script;
}

std::string PerformanceScript(const Profile& profile, const ModelProfile& model) {
  const std::vector<BlockStats> stats = StatsOf(model);
  const std::vector<double> times = Values(stats, &BlockStats::time_ms);
  const std::vector<double> outputs = Values(stats, &BlockStats::output_mib);
  double sum = 0;
  for (const double time : times) sum += time;
  const Seconds whole =
      SegmentTime(model, model.blocks.front().first_layer, model.blocks.back().last_layer);
  return StyleOf(stats) + AxisStyle("y", FittingAxis(times), "Execution time (ms)") +
         AxisStyle("y2", FittingAxis(outputs), "Output size (MiB)") + ZeroMarks(times, 0) +
         ChartTitle(fmt::format("{} on {}, batch {}: {:.4g} ms as a whole, {:.4g} ms as the sum of "
                                "its blocks",
                                model.model, profile.host.name, model.batch_size,
                                ToMilliseconds(whole), sum)) +
         PlotCommand({{.values = times, .title = "Execution time (left)", .color = kBlue},
                      {.values = outputs,
                       .title = "Output size (right)",
                       .color = kOrange,
                       .style = "linespoints linewidth 2 pointtype 7 pointsize 0.5",
                       .axes = "x1y2"}});
}

/// 143.7 M
std::string WithPrefix(double value) {
  constexpr std::array kPrefixes = {"", " k", " M", " G", " T"};
  std::size_t prefix = 0;
  for (; value >= 1000 && prefix + 1 < kPrefixes.size(); ++prefix) value /= 1000;
  return fmt::format("{:.4g}{}", value, kPrefixes[prefix]);
}

std::string StatsScript(const ModelProfile& model) {
  constexpr double kShift = 0.2;
  const std::vector<BlockStats> stats = StatsOf(model);
  const std::vector<double> flops = Values(stats, &BlockStats::flops);
  const std::vector<double> parameters = Values(stats, &BlockStats::parameters);
  double all_flops = 0;
  double all_parameters = 0;
  for (const double value : flops) all_flops += value;
  for (const double value : parameters) all_parameters += value;
  return StyleOf(stats) + "set boxwidth 0.4\n" +
         AxisStyle("y", FittingAxis(flops), "FLOPs of one input", TicFormat::kPrefixed) +
         AxisStyle("y2", FittingAxis(parameters), "Parameters", TicFormat::kPrefixed) +
         ZeroMarks(flops, -kShift) + ZeroMarks(parameters, kShift) +
         ChartTitle(fmt::format("{}: {} FLOPs for one input, {} parameters", model.model,
                                WithPrefix(all_flops), WithPrefix(all_parameters))) +
         PlotCommand({{.values = flops, .title = "FLOPs (left)", .color = kBlue, .shift = -kShift},
                      {.values = parameters,
                       .title = "Parameters (right)",
                       .color = kOrange,
                       .axes = "x1y2",
                       .shift = kShift}});
}

/// A model's name comes from a file's; "..onnx" must not lead out of the folder.
std::string FolderName(const std::string& model) {
  return model.starts_with('.') ? "_" + model : model;
}

}  // namespace

std::string ProfilingCsv(const Profile& profile, int batch_size) {
  std::string csv;
  for (const ModelProfile& model : profile.models) {
    if (model.batch_size == batch_size) csv += ModelTable(model);
  }
  return csv;
}

std::vector<fs::path> WriteProfilingCsv(const Profile& profile,
                                        const std::vector<std::string>& models,
                                        const fs::path& folder) {
  CreateFolder(folder);
  std::set<int> batch_sizes;
  for (const std::string& model : models) batch_sizes.insert(profile.FindModel(model)->batch_size);
  std::vector<fs::path> files;
  for (const int batch_size : batch_sizes) {
    files.push_back(folder / fmt::format("{}-stats-b{}.csv", profile.host.name, batch_size));
    WriteFileAtomically(files.back(), ProfilingCsv(profile, batch_size));
  }
  return files;
}

void DrawProfiling(const Profile& profile, const std::string& model, const fs::path& folder) {
  const ModelProfile& found = *profile.FindModel(model);
  const fs::path own = folder / FolderName(model);
  CreateFolder(own);
  const PictureSize size = ChartSize(found.blocks.size());
  DrawPictures(
      PerformanceScript(profile, found), size,
      own / fmt::format("{}-{}-performance-b{}", profile.host.name, model, found.batch_size));
  DrawPictures(StatsScript(found), size, own / fmt::format("{}-stats", FolderName(model)));
}

}  // namespace scission
