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
  bool stores_models = false;  ///< built-in models stay as OUT/models/MODEL.onnx
  BenchmarkOptions benchmark;  ///< its scratch folder is the campaign's own
};

struct CampaignResult {
  Profile profile;                    ///< as written, with what the file held before
  std::filesystem::path file;         ///< OUT/TIER-NAME.json
  std::vector<std::string> measured;  ///< models by their names in the profile, as asked for
  std::vector<std::string> failed;    ///< models as asked for; each was reported on standard error
  std::vector<std::string> unstable;  ///< "model: reasons", of those measured
  bool was_input_at_fault = false;    ///< every failure was a bad input
  bool was_interrupted = false;       ///< nothing was merged; the same call goes on from there
};

/// Runs the campaign. Each finished model is kept in OUT/.TIER-NAME.partial until all are done;
/// then they replace their namesakes in the profile. A model that fails, crashes or runs out of
/// memory is reported, the others go on. A call that finds finished models of an interrupted one
/// with the same settings takes them over, files only if their contents are still the same.
/// Progress goes to standard error. Throws InputError before anything is measured where a model is
/// not there, or two would have one name.
CampaignResult RunCampaign(const CampaignOptions& options);

}  // namespace scission
