// What a profile says of each block, in the units of tables and pictures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "profile/profile.h"

namespace scission {

struct BlockStats {
  std::string layers;      ///< "6", "6-17"
  std::int64_t flops = 0;  ///< of one input, whatever the batch
  std::int64_t parameters = 0;
  double output_mib = 0;  ///< of the batch; 1 MiB is 1,048,576 bytes
  double time_ms = 0;     ///< median, of the batch
};

/// In the order of the blocks, each of which must have a measured range.
std::vector<BlockStats> StatsOf(const ModelProfile& model);

}  // namespace scission
