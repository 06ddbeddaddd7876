// What every command that opens a model lets the user say about it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/model.h"

namespace scission {

class OptionSet;

struct ModelOptions {
  std::int64_t batch_size = 0;          ///< 0: not given
  std::vector<std::string> dimensions;  ///< "NAME=N"
  int max_cut_tensors = 1;
};

/// Adds -b, --dim and --max-cut-tensors to `set`.
void AddModelOptions(OptionSet& set, ModelOptions& options);

/// Throws InputError for a dimension that is not NAME=N.
LoadOptions ToLoadOptions(const ModelOptions& options);

/// Runs `command`, which opens `model`, in a child process: a hostile model can crash the libraries
/// that load it. Exceptions become messages in the child. Returns the exit code; a crash is an
/// InputError naming `model`.
int RunIsolated(const std::string& model, const std::function<int()>& command);

}  // namespace scission
