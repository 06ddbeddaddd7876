// Measures ranges that a profile does not have and compares them with what it predicts.
#pragma once

#include "bench/range_benchmark.h"
#include "profile/stability.h"
#include "validate/comparison.h"

namespace scission {

struct RangeValidationOptions {
  std::size_t ranges = 20;
  std::uint64_t seed = 1;
  int repeats = 10;  ///< samples of each of the two measurements
  EngineOptions engine;
  Seconds longest_watch{0};  ///< of the machine's pace now (MeasureOptions)
};

struct RangeValidation {
  std::vector<RangeComparison> ranges;  ///< held out; empty where all were measured
  RangeComparison whole;                ///< the whole model: how the machine is now
  Stability stability;                  ///< of the machine while it measured
};

/// Measures held-out ranges of `profile` on `model`, the model that was profiled, with `inputs`.
/// Throws as MeasureRanges does, and InputError naming `place` where a block of the profile does
/// not end at a cut of the model.
RangeValidation ValidateRanges(const Model& model, const TensorMap& inputs,
                               const ModelProfile& profile, const std::string& place,
                               const RangeValidationOptions& options,
                               const BenchmarkProgress& progress);

/// Throws InputError naming `place` unless `layers` are those of `model` and all of `last_layers`
/// lie before cuts of it (of any number of tensors), or are its last one.
void RequireCuts(const Graph& graph, const std::vector<int>& last_layers, const std::string& place);

}  // namespace scission
