#include "report/graph_columns.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace scission {
namespace {

constexpr double kAspect = 1.6;    // width by height of the whole picture
constexpr double kBoxWidth = 260;  // with the gap beside it
constexpr double kMinColumnHeight = 700;
constexpr double kMinFill = 0.8;  // of a column that could be filled
constexpr int kMaxCrossing = 4;   // each gets a connector

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
  double total_ = 0;
};

/// Of the places where a column of at most `limit` may end, the one with the fewest tensors among
/// those that leave it not much shorter; the last of them. `begin`: where the column begins.
const Place* BestEnd(const std::vector<Place>& places, double begin, double limit) {
  const Place* best = nullptr;
  for (const Place& place : places) {
    const double height = place.height - begin;
    if (height <= 0 || height > limit) continue;
    const bool is_short = best == nullptr || best->height - begin < kMinFill * limit;
    if (is_short || place.crossing <= best->crossing) best = &place;
  }
  return best;
}

/// Columns of at most `limit` where that is possible.
std::vector<int> Wrap(const std::vector<Place>& places, double total, double limit) {
  std::vector<int> ends;
  double begin = 0;
  while (total - begin > limit) {
    const Place* end = BestEnd(places, begin, limit);
    if (end == nullptr) {  // a long way without a place: to the next one behind it
      const auto next = std::find_if(places.begin(), places.end(), [&](const Place& place) {
        return place.height > begin + limit;
      });
      if (next == places.end()) break;
      end = &*next;
    }
    ends.push_back(end->layer);
    begin = end->height;
  }
  return ends;
}

}  // namespace

std::vector<int> ColumnEnds(const Graph& graph, const std::vector<Unit>& units,
                            const std::vector<Cut>& cuts) {
  HeightFinder finder(graph, cuts);
  const std::vector<Place> places = finder.Run(units);
  double stacked = 0;
  for (const Unit& unit : units) stacked += HeightOf(unit);
  const double total = finder.total();
  const double width = kBoxWidth * std::max(1.0, stacked / total);
  const double ideal = std::round(std::sqrt(kAspect * total / width));
  const double columns = std::min(ideal, std::floor(total / kMinColumnHeight) + 1);
  std::vector<int> ends;
  for (double limit = total / columns; limit < total; limit *= 1.02) {  // the evenest columns
    ends = Wrap(places, total, limit);
    if (static_cast<double>(ends.size()) < columns) return ends;
  }
  return {};
}

}  // namespace scission
