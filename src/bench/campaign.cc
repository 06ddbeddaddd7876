#include "bench/campaign.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "base/child.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench/host_info.h"
#include "bench/partial_file.h"
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
  } catch (const fs::filesystem_error& error) {
    message = error.path1().string() + ": " + error.code().message();
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

/// The name under which `model` will stand in the profile.
std::string ProfileName(const std::string& model) {
  return IsBuiltIn(model) ? ToLower(model) : ModelNameOf(model);
}

/// They are there, and tell their results apart by their names.
void CheckModels(const std::vector<std::string>& models) {
  std::map<std::string, std::string> seen;
  for (const std::string& model : models) {
    RequireModel(model);
    const auto [first, is_new] = seen.emplace(ProfileName(model), model);
    if (is_new) continue;
    throw InputError(Printable(model), "would have the same name in the profile as " +
                                           Printable(first->second) + ", '" +
                                           Printable(first->first) + "'; rename one");
  }
}

class Campaign {
 public:
  explicit Campaign(const CampaignOptions& options) : options_(options) {
    const std::string stem = options.tier + "-" + options.host;
    result_.file = options.output_directory / (stem + ".json");
    partial_folder_ = options.output_directory / ("." + stem + ".partial");
    benchmark_ = options.benchmark;
    benchmark_.scratch_folder = partial_folder_;
  }

  CampaignResult Run() {
    CheckModels(options_.models);
    const bool is_new_folder = !fs::exists(options_.output_directory);
    CreateFolder(options_.output_directory);
    if (fs::exists(result_.file)) TakeUpOldProfile();
    CreateFolder(partial_folder_);
    RemoveScratch();
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
  /// Its models are kept, so they have to be this host's.
  void TakeUpOldProfile() {
    result_.profile = ReadProfile(result_.file);
    const Host& old = result_.profile.host;
    if (old.name != options_.host || old.tier != options_.tier) {
      throw InputError(
          result_.file.string(),
          fmt::format("holds the profile of {} ({}), not of {} ({}); move it away",
                      Printable(old.name), Printable(old.tier), options_.host, options_.tier));
    }
  }

  void Measure(const std::string& model) {
    const fs::path file = PartialFile(partial_folder_, model, benchmark_);
    if (TakeOver(model, file) || result_.was_interrupted) return;
    const ChildResult child = RunInChild([&] {
      return Guarded(Printable(model), [&] {
        if (options_.stores_models && IsBuiltIn(model)) Store(model);
        MeasureInto(file, model);
      });
    });
    RemoveScratch();
    result_.was_interrupted = child.was_interrupted;
    if (child.signal == 0 && child.exit_code == kMeasured) {
      Keep(model, file);
      return;
    }
    if (result_.was_interrupted) return;
    if (child.signal != 0) {
      std::cerr << "scission: error: " << Printable(model) << ": the process that measured it "
                << child.CrashText() << '\n';
    }
    has_no_provider_ = child.signal == 0 && child.exit_code == kNoProvider;
    result_.was_input_at_fault &=
        has_no_provider_ || (child.signal == 0 && child.exit_code == kRefused);
    result_.failed.push_back(model);
  }

  void Keep(const std::string& model, const fs::path& file) {
    result_.measured.push_back(ProfileName(model));
    finished_.push_back(file);
  }

  /// What a killed process left; it would only take up the disk.
  void RemoveScratch() const {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(partial_folder_, ignored)) {
      if (entry.path().extension() != ".json") fs::remove_all(entry.path(), ignored);
    }
  }

  bool TakeOver(const std::string& model, const fs::path& file) {
    if (!fs::exists(file)) return false;
    try {
      const Profile profile = ReadProfile(file);
      const ModelProfile* found = profile.FindModel(ProfileName(model));
      if (found == nullptr) return false;
      if (!IsBuiltIn(model) && !HasHash(model, found->model_hash)) return false;
    } catch (const InputError&) {
      return false;  // it is measured again
    }
    std::cerr << Printable(model) << ": taken over from the interrupted run\n";
    Keep(model, file);
    return true;
  }

  /// False also where it cannot be opened any more; measuring it will say why.
  bool HasHash(const std::string& model, const std::string& hash) {
    const ChildResult child = RunInChild([&] {
      try {
        return OpenModel(model, benchmark_.load).Hash() == hash ? 0 : 1;
      } catch (const std::exception&) {
        return 1;
      }
    });
    result_.was_interrupted = child.was_interrupted;
    return child.signal == 0 && child.exit_code == 0;
  }

  void Store(const std::string& model) const {
    const fs::path folder = options_.output_directory / "models";
    CreateFolder(folder);
    const ZooEntry& entry = *FindZooModel(ToLower(model));
    WriteZooModel(entry, kDefaultSeed, folder / (std::string(entry.name) + ".onnx"));
  }

  void MeasureInto(const fs::path& file, const std::string& model) const {
    ProgressBar progress(Printable(model), ::isatty(STDERR_FILENO) != 0);
    Profile profile;
    profile.host = DescribeThisHost(options_.tier, options_.host);
    BenchmarkOptions benchmark = benchmark_;
    benchmark.announce = [&](std::size_t ranges, Seconds expected) {
      progress.Note(fmt::format("{} ranges, about {}", ranges, ToText(expected)));
    };
    profile.models.push_back(BenchmarkModel(
        model, benchmark, [&](const std::string& phase, std::int64_t done, std::int64_t total) {
          progress.Update(phase, done, total);
        }));
    WriteProfile(profile, file);
  }

  void Merge() {
    if (!result_.measured.empty()) {
      result_.profile.host = DescribeThisHost(options_.tier, options_.host);
      for (const fs::path& file : finished_) Put(file);
      WriteProfile(result_.profile, result_.file);
    }
    std::error_code ignored;
    fs::remove_all(partial_folder_, ignored);
  }

  void Put(const fs::path& file) {
    ModelProfile measured = std::move(ReadProfile(file).models.at(0));
    if (measured.stability && !measured.stability->IsStable()) {
      result_.unstable.push_back(measured.model + ": " + measured.stability->Reasons());
    }
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
  BenchmarkOptions benchmark_;
  std::vector<fs::path> finished_;  ///< of result_.measured
  bool has_no_provider_ = false;
  CampaignResult result_;
};

}  // namespace

CampaignResult RunCampaign(const CampaignOptions& options) { return Campaign(options).Run(); }

}  // namespace scission
