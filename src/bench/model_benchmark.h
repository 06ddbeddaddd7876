// Measures one model on this host.
#pragma once

#include <string>

#include "bench/effort.h"
#include "bench/model_input.h"
#include "bench/range_benchmark.h"
#include "engine/session.h"
#include "model/cuts.h"
#include "profile/profile.h"

namespace scission {

struct BenchmarkOptions {
  Effort effort = Effort::kNormal;
  bool keeps_all_cuts = false;  ///< false: those that model/useful_cuts.h keeps
  MeasureOptions measure;
  bool verifies = false;         ///< measures a sample of the ranges twice
  bool measures_codecs = false;  ///< and what packing costs at each cut
  int max_cut_tensors = 1;
  EngineOptions engine;
  bool pins_threads = false;  ///< each to a core: bench/pin_threads.h
  LoadOptions load;           ///< batch size and other dimensions
  std::string image;          ///< empty: random input
  /// Where a copy of the weights lies while sessions are made; empty: the system's temporary
  /// folder.
  std::filesystem::path scratch_folder;
  /// Told before the ranges are measured how many there are and about how long that will take.
  std::function<void(std::size_t ranges, Seconds expected)> announce;
};

/// Ranges that `verifies` measures again.
inline constexpr std::size_t kVerifiedRanges = 12;

/// Opens `model_name` (built-in or file) and measures load time, preprocessing, first run, and the
/// ranges of the effort. Checks first that the blocks, one after the other, give the whole model's
/// output. Throws InputError for what is wrong with model or image, and std::runtime_error naming
/// the block where the outputs differ.
ModelProfile BenchmarkModel(const std::string& model_name, const BenchmarkOptions& options,
                            const BenchmarkProgress& progress);

/// Measures `ranges` of `model_name` as those of `profile` were measured, and adds them to it.
/// Effort, cuts, verification, threads and provider of `options` are not looked at. Returns what
/// disturbed the machine meanwhile. Throws InputError if the model is not the one of the profile.
Stability MeasureMoreRanges(const std::string& model_name, const std::vector<LayerRange>& ranges,
                            BenchmarkOptions options, const BenchmarkProgress& progress,
                            ModelProfile& profile);

}  // namespace scission
