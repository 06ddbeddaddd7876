// Where the tensors of a request lie in a slot; both processes work it out alike.
#pragma once

#include <cstddef>
#include <vector>

#include "runner/messages.h"

namespace scission {

/// The largest encoded image.
inline constexpr std::size_t kMaxImageBytes = std::size_t{64} << 20;
/// The most that a probe takes.
inline constexpr std::size_t kMaxProbeBytes = std::size_t{1} << 30;
/// Room for outputs whose size depends on values, all together.
inline constexpr std::size_t kDynamicRoom = std::size_t{1} << 30;

/// A part of a slot.
struct SlotArea {
  std::size_t offset = 0;
  std::size_t bytes = 0;  ///< that it has room for
};

struct SlotLayout {
  std::vector<SlotArea> inputs;   ///< packed by whatever codec
  std::vector<SlotArea> outputs;  ///< the same; without room where the size depends on values
  std::size_t fixed_bytes = 0;    ///< of all these; behind them lie outputs of other sizes
  std::size_t room = 0;           ///< of all
};

/// `offset` rounded up to where a tensor may begin: a cache line.
std::size_t Aligned(std::size_t offset);

/// The most that a tensor of `bytes` bytes of `type` takes, however packed.
std::size_t MaxPackedBytes(ElementType type, std::size_t bytes);

/// Throws InputError where the tensors are too large for that.
SlotLayout LayOut(const LoadedMessage& model);

}  // namespace scission
