#include "bench/campaign.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iostream>

#include "base/child.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench/host_info.h"
#include "bench/progress.h"
#include "profile/profile_io.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

enum ChildExit { kMeasured, kFailed, kRefused, kNoProvider };

/// Runs `work` and turns what it throws into a line on standard error and an exit code.
int Guarded(const std::string& label, const std::function<void()>& work) {
  std::string message;
  int code = kFailed;
  try {
    work();
    return kMeasured;
  } catch (const ProviderError& error) {
    message = error.what();
    code = kNoProvider;
  } catch (const InputError& error) {
    message = error.what();
    code = kRefused;
  } catch (const std::bad_alloc&) {
    message = "out of memory";
  } catch (const std::exception& error) {
    message = error.what();
  }
  const std::string place = message.starts_with(label) ? "" : label + ": ";
  std::cerr << "scission: error: " << Printable(place + message, 2000) << '\n';
  return code;
}

/// Where a model's result waits for the others.
fs::path PartialFile(const fs::path& folder, const std::string& model) {
  std::string name = IsBuiltIn(model) ? ToLower(model) : model;
  std::replace(name.begin(), name.end(), '/', '%');
  return folder / (name + ".json");
}

bool IsUsable(const ModelProfile& model, const BenchmarkOptions& options) {
  return model.engine == EngineVersion() && model.provider == ToText(options.engine.provider) &&
         model.threads == ThreadCount(options.engine) &&
         model.batch_size == options.load.batch_size.value_or(1) &&
         static_cast<int>(model.ranges.front().samples.size()) == options.repeats;
}

class Campaign {
 public:
  explicit Campaign(const CampaignOptions& options) : options_(options) {
    const std::string stem = options.tier + "-" + options.host;
    result_.file = options.output_directory / (stem + ".json");
    partial_folder_ = options.output_directory / ("." + stem + ".partial");
  }

  CampaignResult Run() {
    const bool is_new_folder = !fs::exists(options_.output_directory);
    CreateFolder(options_.output_directory);
    if (fs::exists(result_.file)) result_.profile = ReadProfile(result_.file);
    CreateFolder(partial_folder_);
    result_.was_input_at_fault = true;
    for (const std::string& model : options_.models) {
      Measure(model);
      if (result_.was_interrupted) return std::move(result_);
      if (has_no_provider_) break;
    }
    Merge();
    std::error_code ignored;
    if (is_new_folder && result_.measured.empty()) fs::remove(options_.output_directory, ignored);
    return std::move(result_);
  }

 private:
  void Measure(const std::string& model) {
    const fs::path file = PartialFile(partial_folder_, model);
    if (TakeOver(model, file)) return;
    const ChildResult child =
        RunInChild([&] { return Guarded(Printable(model), [&] { MeasureInto(file, model); }); });
    result_.was_interrupted = child.signal == SIGINT || child.signal == SIGTERM;
    if (result_.was_interrupted) return;
    if (child.signal == 0 && child.exit_code == kMeasured) {
      result_.measured.push_back(model);
      return;
    }
    if (child.signal != 0) {
      std::cerr << "scission: error: " << Printable(model) << ": the process that measured it "
                << child.CrashText() << '\n';
    }
    has_no_provider_ = child.signal == 0 && child.exit_code == kNoProvider;
    result_.was_input_at_fault &=
        has_no_provider_ || (child.signal == 0 && child.exit_code == kRefused);
    result_.failed.push_back(model);
  }

  bool TakeOver(const std::string& model, const fs::path& file) {
    if (!fs::exists(file)) return false;
    try {
      if (!IsUsable(ReadProfile(file).models.at(0), options_.benchmark)) return false;
    } catch (const std::exception&) {
      return false;  // it is measured again
    }
    std::cerr << Printable(model) << ": taken over from the interrupted run\n";
    result_.measured.push_back(model);
    return true;
  }

  void MeasureInto(const fs::path& file, const std::string& model) const {
    ProgressBar progress(Printable(model), ::isatty(STDERR_FILENO) != 0);
    Profile profile;
    profile.host = DescribeThisHost(options_.tier, options_.host);
    profile.models.push_back(
        BenchmarkModel(model, options_.benchmark,
                       [&](const std::string& phase, std::int64_t done, std::int64_t total) {
                         progress.Update(phase, done, total);
                       }));
    WriteProfile(profile, file);
  }

  void Merge() {
    if (!result_.measured.empty()) {
      result_.profile.host = DescribeThisHost(options_.tier, options_.host);
      for (const std::string& model : result_.measured) Put(PartialFile(partial_folder_, model));
      WriteProfile(result_.profile, result_.file);
    }
    std::error_code ignored;
    fs::remove_all(partial_folder_, ignored);
  }

  void Put(const fs::path& file) {
    ModelProfile measured = std::move(ReadProfile(file).models.at(0));
    auto& models = result_.profile.models;
    const auto namesake = std::find_if(models.begin(), models.end(), [&](const ModelProfile& old) {
      return old.model == measured.model;
    });
    if (namesake != models.end()) {
      *namesake = std::move(measured);
    } else {
      models.push_back(std::move(measured));
    }
  }

  const CampaignOptions& options_;
  fs::path partial_folder_;
  bool has_no_provider_ = false;
  CampaignResult result_;
};

}  // namespace

CampaignResult RunCampaign(const CampaignOptions& options) { return Campaign(options).Run(); }

}  // namespace scission
