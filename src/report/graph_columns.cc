#include "report/graph_columns.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
#include <set>

namespace scission {
namespace {

constexpr double kAspect = 1.6;    // width by height of the whole picture
constexpr double kBoxWidth = 260;  // with the gap beside it
constexpr double kMinColumnHeight = 700;
constexpr double kUneven = 1.3;  // how much higher columns may be to end where one tensor crosses
constexpr int kMaxCrossing = 4;  // each gets a connector

/// A place where a column may end.
struct Place {
  int layer = 0;
  double height = 0;         ///< of what stands above it, had the picture one column
  std::size_t crossing = 0;  ///< tensors
};

double HeightOf(const Unit& unit) {
  return static_cast<double>(unit.lines.size()) * kLineHeight + kBoxMargin + kRankGap;
}

/// Goes through the units as the picture does and tracks how deep each activation's line begins.
class HeightFinder {
 public:
  HeightFinder(const Graph& graph, const std::vector<Cut>& cuts)
      : graph_(graph), depth_(graph.activations.size()) {
    for (const Cut& cut : cuts) cuts_.insert(cut.layer);
    for (const Cut& cut : FindCuts(graph, kMaxCrossing)) crossings_.push_back(cut);
  }

  std::vector<Place> Run(const std::vector<Unit>& units) {
    std::vector<Place> places;
    auto crossing = crossings_.begin();
    for (const Unit& unit : units) {
      PassUnit(unit);
      while (crossing != crossings_.end() && crossing->layer < unit.layers.last) ++crossing;
      if (crossing == crossings_.end() || crossing->layer != unit.layers.last) continue;
      double deepest = 0;
      for (const int i : crossing->activations) deepest = std::max(deepest, Depth(i));
      places.push_back({unit.layers.last, deepest, crossing->activations.size()});
      if (!cuts_.contains(unit.layers.last)) continue;
      for (const int i : crossing->activations) Depth(i) = deepest + kCutHeight + kRankGap;
    }
    return places;
  }

  double total() const { return total_; }

  /// How many boxes stand side by side: between the mean, and the most.
  double Parallel() const {
    double units = 0;
    double most = 1;
    for (const auto& [row, count] : rows_) {
      units += count;
      most = std::max(most, count);
    }
    return (units / static_cast<double>(std::max<std::size_t>(rows_.size(), 1)) + most) / 2;
  }

 private:
  double& Depth(int activation) { return depth_[static_cast<std::size_t>(activation)]; }

  void PassUnit(const Unit& unit) {
    double top = 0;
    for (int i = unit.layers.first; i <= unit.layers.last; ++i) {
      for (const int input : graph_.layers[static_cast<std::size_t>(i)].inputs) {
        top = std::max(top, Depth(input));
      }
    }
    const double bottom = top + HeightOf(unit);
    ++rows_[static_cast<int>(top)];
    total_ = std::max(total_, bottom);
    for (int i = unit.layers.first; i <= unit.layers.last; ++i) {
      const Layer& layer = graph_.layers[static_cast<std::size_t>(i)];
      for (const int output : layer.outputs) Depth(output) = bottom;
      if (layer.node_count == 0 && layer.main_output >= 0) Depth(layer.main_output) = bottom;
    }
  }

  const Graph& graph_;
  std::vector<double> depth_;  ///< of activations
  std::set<int> cuts_;
  std::vector<Cut> crossings_;
  std::map<int, double> rows_;  ///< units that begin at a depth
  double total_ = 0;
};

/// Fills columns of at most `limit`, one after the other; nothing where that is not possible.
std::optional<std::vector<int>> Wrap(const std::vector<Place>& places, double total, double limit) {
  std::vector<int> ends;
  double begin = 0;
  while (total - begin > limit) {
    const auto too_far =
        std::upper_bound(places.begin(), places.end(), begin + limit,
                         [](double height, const Place& place) { return height < place.height; });
    if (too_far == places.begin() || std::prev(too_far)->height <= begin) return std::nullopt;
    ends.push_back(std::prev(too_far)->layer);
    begin = std::prev(too_far)->height;
  }
  return ends;
}

struct Columns {
  std::vector<int> ends;
  double height = 0;  ///< no column is higher
};

/// At most `count` columns, as even as possible.
Columns WrapEvenly(const std::vector<Place>& places, double total, int count) {
  for (double limit = total / count; limit < total; limit *= 1.02) {
    auto ends = Wrap(places, total, limit);
    if (ends && static_cast<int>(ends->size()) < count) return {std::move(*ends), limit};
  }
  return {{}, total};
}

}  // namespace

std::vector<int> ColumnEnds(const Graph& graph, const std::vector<Unit>& units,
                            const std::vector<Cut>& cuts) {
  HeightFinder finder(graph, cuts);
  const std::vector<Place> places = finder.Run(units);
  const double total = finder.total();
  const double width = kBoxWidth * finder.Parallel();
  const double ideal = std::round(std::sqrt(kAspect * total / width));
  const double most = std::floor(total / kMinColumnHeight) + 1;
  const int count = static_cast<int>(std::min(ideal, most));
  if (count < 2) return {};
  std::vector<Place> single;
  std::copy_if(places.begin(), places.end(), std::back_inserter(single),
               [](const Place& place) { return place.crossing == 1; });
  const Columns simple = WrapEvenly(single, total, count);
  if (simple.height <= kUneven * total / count) return simple.ends;
  return WrapEvenly(places, total, count).ends;
}

}  // namespace scission
