// How many ranges of a model a benchmark measures. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "model/graph.h"

namespace scission {

/// What is measured, each level with all of those before it.
enum class Effort {
  kQuick,       ///< the whole model and its blocks
  kNormal,      ///< prefixes and suffixes, pairs of neighbours, a dyadic set
  kFull,        ///< ranges of 2, 4, 8, ... blocks that begin anywhere
  kExhaustive,  ///< every contiguous range
};

/// "quick", "normal", "full", "exhaustive".
std::string ToText(Effort effort);
/// Throws InputError naming the option --effort and listing them.
Effort ParseEffort(const std::string& text);

/// The ranges of `effort`, each once: the whole first, then `blocks` (contiguous, in order), then
/// the others. Prefixes and suffixes are what the first and the last host of every plan run. The
/// dyadic set is the model in pieces of 2, 4, 8, ... blocks: O(blocks) ranges for kNormal, O(n log
/// n) for kFull, O(n^2) for kExhaustive.
std::vector<LayerRange> RangesOf(const std::vector<LayerRange>& blocks, Effort effort);

}  // namespace scission
