// What computing does to a processor's caches.
#pragma once

#include <cstddef>
#include <vector>

namespace scission {

/// Leaves a core's caches as a segment of a model does that has just computed: full of what it
/// computed with. Whatever runs next there, a message that is sent or one that is taken, finds
/// nothing of its own in them.
class CacheFiller {
 public:
  /// Beyond the first two levels of any common processor.
  static constexpr std::size_t kBytes = 8 << 20;

  void Fill() {
    for (std::size_t i = 0; i < memory_.size(); i += kLine) ++memory_[i];
  }

 private:
  static constexpr std::size_t kLine = 64;

  std::vector<unsigned char> memory_ = std::vector<unsigned char>(kBytes);
};

}  // namespace scission
