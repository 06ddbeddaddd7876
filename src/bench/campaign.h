// Benchmarks several models on this host, each in a process of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/model_benchmark.h"
#include "profile/profile.h"

namespace scission {

struct CampaignOptions {
  std::string tier;
  std::string host;
  std::vector<std::string> models;  ///< built-in names or files; at least one
  std::filesystem::path output_directory = ".";
  BenchmarkOptions benchmark;
};

struct CampaignResult {
  Profile profile;                    ///< as written, with what the file held before
  std::filesystem::path file;         ///< OUT/TIER-NAME.json
  std::vector<std::string> measured;  ///< models, in the order asked for
  std::vector<std::string> failed;    ///< models as asked for; each was reported on standard error
  bool was_input_at_fault = false;    ///< every failure was a bad input
  bool was_interrupted = false;       ///< nothing was merged; the same call goes on from there
};

/// Runs the campaign. Each finished model is kept in OUT/.TIER-NAME.partial until all are done;
/// then they replace their namesakes in the profile. A model that fails, crashes or runs out of
/// memory is reported, the others go on. A call that finds finished models of an interrupted one
/// with the same settings takes them over. Progress goes to standard error.
CampaignResult RunCampaign(const CampaignOptions& options);

}  // namespace scission
