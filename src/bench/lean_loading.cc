#include "bench/lean_loading.h"

#include <malloc.h>

#include <chrono>

#include "model/mapped_weights.h"

namespace scission {
namespace {

/// How much an engine reads in that time is small against what it keeps.
constexpr std::chrono::milliseconds kInterval(5);

constexpr int kReturnFrom = 128 * 1024;

/// Where glibc's own adaptation of its thresholds ends on 64-bit systems (mallopt(3)).
constexpr int kLargestMapped = 32 * 1024 * 1024;

}  // namespace

LeanLoading::LeanLoading(const Model& model)
    : forgetter_([&model](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          ForgetWeights(model);
          std::this_thread::sleep_for(kInterval);
        }
        ForgetWeights(model);
      }) {
  ::mallopt(M_MMAP_THRESHOLD, kReturnFrom);
  ::mallopt(M_TRIM_THRESHOLD, kReturnFrom);
  ::malloc_trim(0);
}

LeanLoading::~LeanLoading() {
  ::malloc_trim(0);
  ::mallopt(M_MMAP_THRESHOLD, kLargestMapped);
  ::mallopt(M_TRIM_THRESHOLD, 2 * kLargestMapped);
}

}  // namespace scission
