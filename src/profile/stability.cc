#include "profile/stability.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"

namespace scission {

std::string Stability::Reasons() const {
  std::vector<std::string> reasons;
  if (other_load > 0.1) {
    reasons.push_back(
        fmt::format("other programs took {:.0f} % of the processor", other_load * 100));
  }
  if (steal > 0.05) {
    reasons.push_back(fmt::format("the hypervisor took {:.0f} % of the processor", steal * 100));
  }
  if (throttled > 0) {
    reasons.push_back(fmt::format("cores were slowed down for heat {} times", throttled));
  }
  if (frequency_drop > 0.1) {
    reasons.push_back(fmt::format("the clock fell by {:.0f} %", frequency_drop * 100));
  }
  if (unstable_ranges > 0) {
    reasons.push_back(fmt::format("{} {} taken while the machine's pace had changed",
                                  unstable_ranges,
                                  unstable_ranges == 1 ? "range was" : "ranges were"));
  }
  return Join(reasons, "; ");
}

}  // namespace scission
