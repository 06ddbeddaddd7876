#include "validate/held_out.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/random.h"

namespace scission {

std::vector<LayerRange> HeldOutRanges(const ModelProfile& profile, std::size_t count,
                                      std::uint64_t seed) {
  std::set<std::pair<int, int>> measured;
  for (const MeasuredRange& range : profile.ranges) {
    measured.emplace(range.first_layer, range.last_layer);
  }
  std::vector<LayerRange> ranges;
  for (std::size_t first = 0; first < profile.blocks.size(); ++first) {
    for (std::size_t last = first + 1; last < profile.blocks.size(); ++last) {
      const LayerRange range{profile.blocks[first].first_layer, profile.blocks[last].last_layer};
      if (!measured.contains({range.first, range.last})) ranges.push_back(range);
    }
  }
  Random random(seed);
  count = std::min(count, ranges.size());
  for (std::size_t i = 0; i < count; ++i) {
    const int others = static_cast<int>(ranges.size() - i);
    std::swap(ranges[i], ranges[i + static_cast<std::size_t>(random.Below(others))]);
  }
  ranges.resize(count);
  std::sort(ranges.begin(), ranges.end(), [](LayerRange a, LayerRange b) {
    return std::pair(a.first, a.last) < std::pair(b.first, b.last);
  });
  return ranges;
}

}  // namespace scission
