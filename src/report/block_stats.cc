#include "report/block_stats.h"

#include "report/block_chart.h"

namespace scission {

std::vector<BlockStats> StatsOf(const ModelProfile& model) {
  constexpr double kMebibyte = 1024 * 1024;
  std::vector<BlockStats> stats;
  for (const Block& block : model.blocks) {
    stats.push_back(
        {LayersLabel(block.first_layer, block.last_layer), block.flops / model.batch_size,
         block.parameters, block.output_bytes.count / kMebibyte,
         ToMilliseconds(model.FindRange(block.first_layer, block.last_layer)->TypicalTime())});
  }
  return stats;
}

}  // namespace scission
