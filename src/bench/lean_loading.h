// Keeps the process small while an engine makes sessions.
#pragma once

#include <thread>

#include "model/model.h"

namespace scission {

/// While it lives, memory goes back to the system as soon as it is freed, and weights that
/// MapWeights mapped are forgotten soon after they were read: the engine makes its own copies of
/// them, and both together would be twice the memory. Ends with the allocator as it is in a process
/// that has run for long: what is freed is kept for the next run. `model` must outlive it.
class LeanLoading {
 public:
  explicit LeanLoading(const Model& model);
  ~LeanLoading();
  LeanLoading(const LeanLoading&) = delete;
  LeanLoading& operator=(const LeanLoading&) = delete;

 private:
  std::jthread forgetter_;
};

}  // namespace scission
