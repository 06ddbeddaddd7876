// scission benchmark --ranges: measures what a plan rests on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/model_benchmark.h"

namespace scission {

struct RangesRequest {
  std::string host;
  std::filesystem::path profile;    ///< that of the host; it grows
  std::filesystem::path plans;      ///< what `predict --format json` printed
  std::vector<std::string> models;  ///< at most one; none: the plans' built-in model
  BenchmarkOptions benchmark;
};

/// Measures, in a process of its own, the segments of the plans that run on the host and were not
/// measured as one range, and adds them to the profile, of which everything else stays. Returns
/// the exit code. Throws InputError where plans, profile and model do not go together.
int MeasureRangesOfPlans(const RangesRequest& request);

}  // namespace scission
