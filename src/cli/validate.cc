// scission validate: how true predictions are on this machine.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "base/error.h"
#include "base/text.h"
#include "bench/host_info.h"
#include "bench/model_input.h"
#include "bench/progress.h"
#include "cli/command.h"
#include "cli/model_options.h"
#include "cli/options.h"
#include "cli/stability_warning.h"
#include "profile/profile_io.h"
#include "report/gnuplot.h"
#include "report/plan_file.h"
#include "report/validation_plot.h"
#include "report/validation_table.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDescription =
    "Measures ranges of layers that a profile does not have, each twice, and compares them with\n"
    "what the profile predicts and with what adding up its blocks gives. With --plan, runs the\n"
    "stages of a plan one after the other instead. Meant for the machine that was profiled. Exit\n"
    "code 4: done, but the machine was disturbed.";

struct ValidateOptions {
  std::string profile;
  std::string model;
  std::string plan;
  std::string image;
  std::size_t ranges = RangeValidationOptions().ranges;
  std::uint64_t seed = RangeValidationOptions().seed;
  int repeats = 0;  ///< 0: not given
  std::string format = "table";
  std::string plot;
  ModelOptions model_options;
};

int RepeatsOf(const ValidateOptions& options) {
  return options.repeats > 0 ? options.repeats : RangeValidationOptions().repeats;
}

void AddOptions(OptionSet& set, ValidateOptions& options) {
  set.Add("PROFILE", options.profile,
          "The profile of this machine; with --plan also a folder with those of all hosts")
      .Required();
  set.Add("MODEL", options.model, "A built-in model or an ONNX file, as it was profiled")
      .Required();
  set.Add("--ranges", options.ranges,
          fmt::format("Ranges to measure, drawn at random (default {})", options.ranges))
      .InRange(1, 10000);
  set.Add("--seed", options.seed,
          fmt::format("Another seed draws others (default {})", options.seed));
  set.Add("-r,--repeats", options.repeats,
          fmt::format("Samples of each measurement, also of the machine's pace (default {}, and\n"
                      "the pace is watched for 10 to {:.0f} s)",
                      RangeValidationOptions().repeats, kLongestWatch.count()))
      .InRange(1, 10000);
  set.Add("--plan", options.plan,
          "Run the stages of the best plan in what predict --format json printed")
      .TypeName("FILE");
  set.Add("--image", options.image, "An image to run on (default: random input)").TypeName("FILE");
  set.Add("--format", options.format, "table, csv or json (default table)")
      .OneOf({"table", "csv", "json"});
  set.Add("--plot", options.plot, "Draw predicted against measured as PATH.png, PATH.svg")
      .TypeName("PATH");
  AddModelOptions(set, options.model_options);
}

std::vector<Profile> ReadGiven(const std::string& path) {
  if (fs::is_directory(path)) return ReadProfiles(path);
  return {path.ends_with(".dat") ? ReadDatProfile(path) : ReadProfile(path)};
}

std::string NameOf(const std::string& model) {
  return IsBuiltIn(model) ? ToLower(model) : ModelNameOf(model);
}

const ModelProfile& FindModel(const Profile& profile, const std::string& name) {
  const ModelProfile* found = profile.FindModel(name);
  if (found != nullptr) return *found;
  throw InputError(profile.file, "the model '" + Printable(name, 60) + "' is not in it");
}

/// Says so where `profile` is not of this machine; returns whether it is not.
bool WarnOfOtherMachine(const Profile& profile) {
  const std::string here = DescribeThisHost("", "").cpu;
  if (profile.host.cpu == here) return false;
  std::cerr << fmt::format(
      "scission: warning: {}: was measured on another machine ({}; this is {}): errors tell how "
      "different the machines are, not how good predictions are\n",
      Printable(profile.file), Printable(profile.host.cpu.empty() ? "unknown" : profile.host.cpu),
      Printable(here));
  return true;
}

/// `file`: of the profile.
EngineOptions EngineOf(const ModelProfile& profile, const std::string& file) {
  const std::string provider = profile.provider.empty() ? "cpu" : profile.provider;
  return {ParseProvider(provider, file + ": provider"), profile.threads};
}

/// As the profile has it, unless the user says otherwise.
Model OpenProfiled(const ValidateOptions& options, const Profile& profile,
                   const ModelProfile& measured) {
  LoadOptions load = ToLoadOptions(options.model_options);
  load.trace_shapes = TraceShapes;
  if (!load.batch_size && measured.batch_size > 1) load.batch_size = measured.batch_size;
  Model model = OpenModel(options.model, load);
  if (!measured.model_hash.empty() && measured.model_hash != model.Hash()) {
    throw InputError(profile.file, fmt::format("'{}' is no longer the model that was measured, or "
                                               "-b or --dim is another (the hashes differ)",
                                               Printable(measured.model, 60)));
  }
  return model;
}

BenchmarkProgress ShowOn(ProgressBar& bar) {
  return [&bar](const std::string& phase, std::int64_t done, std::int64_t total) {
    bar.Update(phase, done, total);
  };
}

int ValidateProfile(const ValidateOptions& options) {
  const Profile profile = ReadGiven(options.profile).front();
  const ModelProfile& measured = FindModel(profile, NameOf(options.model));
  const bool is_other_machine = WarnOfOtherMachine(profile);
  const Model model = OpenProfiled(options, profile, measured);
  const RangeValidationOptions how{options.ranges, options.seed, RepeatsOf(options),
                                   EngineOf(measured, profile.file),
                                   options.repeats > 0 ? Seconds(0) : kLongestWatch};
  RangeValidation validation;
  {
    ProgressBar bar(measured.model, isatty(STDERR_FILENO) != 0);
    validation = ValidateRanges(model, MakeInput(model, options.image).values, measured,
                                profile.file, how, ShowOn(bar));
  }
  const ValidationSubject subject = {measured.model, profile.host.name, profile.host.cpu,
                                     ThreadCount(how.engine), is_other_machine};
  std::cout << (options.format == "csv"    ? RangesCsv(validation)
                : options.format == "json" ? RangesJson(validation, subject)
                                           : RangesText(validation, subject));
  if (!options.plot.empty() && validation.ranges.empty()) {
    std::cerr << "scission: warning: --plot: there is no range to draw\n";
  } else if (!options.plot.empty()) {
    PlotValidation(validation, fmt::format("{} on {}", measured.model, profile.host.name),
                   PicturePath(options.plot));
  }
  return CodeOf(validation.stability, measured.model);
}

const Profile& ProfileOf(const Stage& stage, const std::vector<Profile>& profiles,
                         const std::string& place) {
  for (const Profile& profile : profiles) {
    if (profile.host.name == stage.host && profile.host.tier == stage.tier) return profile;
  }
  throw InputError(place, fmt::format("there is no profile of '{}', which runs a stage of the plan",
                                      Printable(stage.host, 60)));
}

int ValidatePlanFile(const ValidateOptions& options) {
  const std::vector<Profile> profiles = ReadGiven(options.profile);
  const PlanFile plan = ReadPlanFile(options.plan);
  std::vector<StageToRun> stages;
  std::vector<int> last_layers;
  for (const Stage& stage : plan.stages) {
    const Profile& profile = ProfileOf(stage, profiles, options.profile);
    WarnOfOtherMachine(profile);
    stages.push_back({stage, EngineOf(FindModel(profile, plan.model), profile.file)});
    last_layers.push_back(stage.last_layer);
  }
  const Profile& first = ProfileOf(plan.stages.front(), profiles, options.profile);
  const Model model = OpenProfiled(options, first, FindModel(first, plan.model));
  RequireModel(model, plan, options.plan);
  RequireCuts(model.graph(), last_layers, options.plan);
  PlanValidation validation;
  {
    ProgressBar bar(plan.model, isatty(STDERR_FILENO) != 0);
    validation = ValidatePlan(model, MakeInput(model, options.image).values, stages, plan.hops,
                              RepeatsOf(options), ShowOn(bar));
  }
  std::cout << (options.format == "csv"    ? PlanRunCsv(validation)
                : options.format == "json" ? PlanRunJson(validation, plan.model)
                                           : PlanRunText(validation, plan.model));
  return CodeOf(validation.stability, plan.model);
}

}  // namespace

int RunValidate(const std::vector<std::string>& arguments) {
  ValidateOptions options;
  OptionSet set(kDescription, "validate");
  AddOptions(set, options);
  if (!set.Parse(arguments)) return kDone;
  RequireModel(options.model);
  if (!options.plan.empty() && !options.plot.empty()) {
    throw InputError("--plot", "draws ranges, and --plan measures none");
  }
  if (options.plan.empty() && fs::is_directory(options.profile)) {
    throw InputError(options.profile, "is a folder; name the profile of this machine in it");
  }
  return RunIsolated(options.model, [&] {
    return options.plan.empty() ? ValidateProfile(options) : ValidatePlanFile(options);
  });
}

}  // namespace scission
