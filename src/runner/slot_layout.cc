#include "runner/slot_layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace scission {
namespace {

/// More than any message of gRPC holds.
constexpr std::size_t kMaxSlotBytes = std::size_t{8} << 30;

std::size_t InputBytes(const LoadedMessage& model, const TensorSpec& spec) {
  if (model.is_probe) return kMaxProbeBytes;
  const std::size_t bytes = MaxPackedBytes(spec.type, static_cast<std::size_t>(spec.ByteCount()));
  return model.takes_image ? std::max(bytes, kMaxImageBytes) : bytes;
}

SlotArea Append(SlotLayout& layout, std::size_t bytes) {
  const SlotArea area{Aligned(layout.fixed_bytes), bytes};
  if (bytes > kMaxSlotBytes || area.offset + bytes > kMaxSlotBytes) {
    throw InputError(
        fmt::format("its inputs and outputs are of more than {} GiB", kMaxSlotBytes >> 30));
  }
  layout.fixed_bytes = area.offset + bytes;
  return area;
}

}  // namespace

std::size_t Aligned(std::size_t offset) {
  constexpr std::size_t kLine = 64;
  return (offset + kLine - 1) / kLine * kLine;
}

std::size_t MaxPackedBytes(ElementType type, std::size_t bytes) {
  std::size_t most = bytes;
  for (const Codec codec : kCodecs) {
    if (Usable(codec, type) == codec) most = std::max(most, MaxEncodedBytes(codec, bytes));
  }
  return most;
}

SlotLayout LayOut(const LoadedMessage& model) {
  SlotLayout layout;
  for (const TensorSpec& spec : model.inputs) {
    layout.inputs.push_back(Append(layout, InputBytes(model, spec)));
  }
  bool is_open = false;
  for (const TensorSpec& spec : model.outputs) {
    is_open |= spec.is_dynamic;
    const auto bytes = static_cast<std::size_t>(spec.ByteCount());
    layout.outputs.push_back(
        Append(layout, spec.is_dynamic ? 0 : MaxPackedBytes(spec.type, bytes)));
  }
  layout.fixed_bytes = Aligned(layout.fixed_bytes + 1);  // never nothing, which cannot be mapped
  layout.room = layout.fixed_bytes + (is_open ? kDynamicRoom : 0);
  return layout;
}

}  // namespace scission
