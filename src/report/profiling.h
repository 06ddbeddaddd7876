// The folder models_profiling: what a benchmark tells of each model, block by block. Names and
// layout are those of the fork of the original tool (docs/formats.md).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "profile/profile.h"

namespace scission {

/// A table of each model of `profile` that was measured with `batch_size`.
std::string ProfilingCsv(const Profile& profile, int batch_size);

/// Writes `folder`/HOST-stats-bB.csv for every batch size B of the models named in `models`, and
/// returns the files. Throws InputError where that is not possible.
std::vector<std::filesystem::path> WriteProfilingCsv(const Profile& profile,
                                                     const std::vector<std::string>& models,
                                                     const std::filesystem::path& folder);

/// Writes `folder`/MODEL/HOST-MODEL-performance-bB (time and output of each block) and
/// `folder`/MODEL/MODEL-stats (its FLOPs and parameters), each as .png and .svg. Throws as
/// DrawPictures does.
void DrawProfiling(const Profile& profile, const std::string& model,
                   const std::filesystem::path& folder);

}  // namespace scission
