// Measures one model on this host.
#pragma once

#include <functional>
#include <string>

#include "bench/measure.h"
#include "bench/model_input.h"
#include "engine/session.h"
#include "model/cuts.h"
#include "profile/profile.h"

namespace scission {

struct BenchmarkOptions {
  int repeats = 10;  ///< samples of every range
  int max_cut_tensors = 1;
  EngineOptions engine;
  LoadOptions load;   ///< batch size and other dimensions
  std::string image;  ///< empty: random input
  /// Where a copy of the weights lies while sessions are made; empty: the system's temporary
  /// folder.
  std::filesystem::path scratch_folder;
};

/// Told what goes on, from outside the timed regions. `done` of `total` visits.
using BenchmarkProgress =
    std::function<void(const std::string& phase, std::int64_t done, std::int64_t total)>;

/// Opens `model_name` (built-in or file) and measures load time, preprocessing, first run, the
/// whole model and every block, interleaved. Checks first that the blocks, one after the other,
/// give the whole model's output. Throws InputError for what is wrong with model or image, and
/// std::runtime_error naming the block where the outputs differ.
ModelProfile BenchmarkModel(const std::string& model_name, const BenchmarkOptions& options,
                            const BenchmarkProgress& progress);

/// Names the first of `blocks` whose outputs in `values` (all activations that cross the cuts, from
/// a chain of blocks) differ from what the layers up to there give as one model; nothing where all
/// agree. Costs a session a block.
std::optional<std::string> FirstWrongBlock(const Model& model,
                                           const std::vector<LayerRange>& blocks,
                                           const TensorMap& values, const EngineOptions& options);

}  // namespace scission
