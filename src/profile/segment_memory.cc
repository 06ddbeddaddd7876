#include "profile/segment_memory.h"

#include <algorithm>

namespace scission {
namespace {

constexpr double kBytesPerParameter = 4;  // float32, as the original tool's models are

Bytes WeightsOf(const Block& block) {
  if (block.weight_bytes.count > 0) return block.weight_bytes;
  return Bytes{kBytesPerParameter * static_cast<double>(block.parameters)};
}

}  // namespace

MemoryNeed SegmentMemory(const ModelProfile& model, int first_layer, int last_layer) {
  const auto first =
      std::lower_bound(model.blocks.begin(), model.blocks.end(), first_layer,
                       [](const Block& block, int layer) { return block.first_layer < layer; });
  MemoryNeed need;
  Bytes input = first == model.blocks.begin() ? model.input_bytes : (first - 1)->output_bytes;
  for (auto block = first; block != model.blocks.end() && block->last_layer <= last_layer;
       ++block) {
    const Bytes peak = block->peak_activation_bytes.value_or(input + block->output_bytes);
    need.weights += WeightsOf(*block);
    need.peak_activations = std::max(need.peak_activations, peak);
    input = block->output_bytes;
  }
  return need;
}

}  // namespace scission
