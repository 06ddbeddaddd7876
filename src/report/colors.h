// Colours that colour-blind people can tell apart.
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include "plan/problem.h"

namespace scission {

/// Of hosts: Okabe & Ito 2008. Those of the tiers, in the order of kTiers, come first.
inline constexpr std::array<const char*, 7> kHostColors = {
    "#E69F00", "#009E73", "#0072B2", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442"};

/// The place of `tier` in kTiers, or behind its end where it is another word.
inline std::size_t TierIndex(const std::string& tier) {
  return static_cast<std::size_t>(std::find(kTiers.begin(), kTiers.end(), tier) - kTiers.begin());
}

}  // namespace scission
