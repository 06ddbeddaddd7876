// What an interrupted benchmark leaves to the next one.
#pragma once

#include <filesystem>
#include <string>

#include "bench/model_benchmark.h"

namespace scission {

/// Where in `folder` the result of a model waits for the others. The name stands for all that the
/// result depends on but the contents of model files, so that a later run takes over only what it
/// would measure itself.
std::filesystem::path PartialFile(const std::filesystem::path& folder, const std::string& model,
                                  const BenchmarkOptions& options);

}  // namespace scission
