#include "cluster/output_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "engine/compare.h"

namespace scission {

OutputCheck CheckOutputs(const TensorMap& expected, const TensorMap& outputs, bool is_lossy) {
  OutputCheck check;
  const auto fail = [&](const std::string& name, const std::string& how) {
    if (!check.wrong) check.wrong = fmt::format("output '{}': {}", Printable(name, 60), how);
  };
  for (const auto& [name, value] : expected) {
    const auto output = outputs.find(name);
    if (output == outputs.end()) {
      fail(name, "is missing");
      continue;
    }
    const TensorSpec& spec = output->second.spec;
    const bool is_same = spec.type == value.spec.type && spec.shape == value.spec.shape &&
                         output->second.data == value.data;
    if (is_same) continue;  // by far the quickest way to see it
    const double deviation = LargestDeviation(value, output->second);
    check.deviation = std::max(check.deviation, deviation);
    if (is_lossy && std::isfinite(deviation)) continue;
    if (const auto difference = Difference(value, output->second)) fail(name, *difference);
  }
  return check;
}

}  // namespace scission
