// scission benchmark: measures models on this machine.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench/campaign.h"
#include "cli/benchmark_ranges.h"
#include "cli/command.h"
#include "cli/model_options.h"
#include "cli/model_selection.h"
#include "cli/options.h"
#include "report/benchmark_table.h"
#include "report/profiling.h"

namespace scission {
namespace {

constexpr int kQuickRepeats = 3;

struct BenchmarkArguments {
  std::string tier;
  std::string host;
  ModelSelection selection;  ///< the words are [IMAGE] [MODEL ...]
  int repeats = 0;           ///< 0: as many as the medians need
  bool quick = false;
  std::string effort;  ///< empty: see DefaultEffort
  std::string cuts = "useful";
  bool verifies = false;
  bool measures_codecs = false;
  std::string ranges;  ///< file of plans
  bool stores_models = CampaignOptions().stores_models;
  bool no_plots = false;
  std::string output_directory = ".";
  int threads = 0;
  bool pins_threads = false;
  std::string provider = "cpu";
  bool cpu_only = false;
  bool json = false;
  ModelOptions model;
};

bool IsImageName(const std::string& name) {
  static constexpr std::array kEndings = {".jpg", ".jpeg", ".png", ".bmp"};
  const std::string lower = ToLower(name);
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](const char* ending) { return lower.ends_with(ending); });
}

/// Tier and host become a file's name and a word in criteria.
void CheckNames(const BenchmarkArguments& arguments) {
  const auto is_plain = [](const std::string& name) {
    return !name.empty() && Printable(name) == name && name.find('/') == std::string::npos;
  };
  if (!is_plain(arguments.tier) || arguments.tier.find('-') != std::string::npos ||
      arguments.tier.starts_with('.')) {
    throw InputError("TIER", "must be a word without '-' and '/', such as device, edge or cloud");
  }
  if (!is_plain(arguments.host) || arguments.host.find(',') != std::string::npos) {
    throw InputError("NAME", "must be a name without '/' and ',' of at most 200 bytes");
  }
}

/// Takes the image, if there is one, from the front of `words`.
std::string TakeImage(std::vector<std::string>& words) {
  std::string image;
  if (!words.empty() && IsImageName(words.front())) {
    image = words.front();
    words.erase(words.begin());
    RequireRegularFile(image);
  }
  const auto second = std::find_if(words.begin(), words.end(), IsImageName);
  if (second != words.end()) {
    throw InputError(Printable(*second),
                     "is an image; one may stand before the models, not behind");
  }
  return image;
}

/// All 18 models with all that `normal` measures would take hours.
Effort DefaultEffort(const ModelSelection& selection) {
  const bool names_models = !selection.words.empty() || selection.models;
  return names_models ? Effort::kNormal : Effort::kQuick;
}

CampaignOptions ToCampaign(BenchmarkArguments arguments) {
  CheckNames(arguments);
  CampaignOptions campaign;
  campaign.tier = ToLower(arguments.tier);
  campaign.host = arguments.host;
  campaign.output_directory = arguments.output_directory;
  campaign.stores_models = arguments.stores_models;
  BenchmarkOptions& benchmark = campaign.benchmark;
  benchmark.image = TakeImage(arguments.selection.words);
  if (arguments.ranges.empty()) campaign.models = SelectModels(arguments.selection);
  const int repeats = arguments.quick ? kQuickRepeats : arguments.repeats;
  if (repeats > 0) {
    benchmark.measure.min_rounds = benchmark.measure.max_rounds = repeats;
  } else {
    benchmark.measure.longest_watch = kLongestWatch;
  }
  benchmark.effort = DefaultEffort(arguments.selection);
  if (!arguments.effort.empty()) benchmark.effort = ParseEffort(arguments.effort);
  if (arguments.quick) benchmark.effort = Effort::kQuick;
  benchmark.keeps_all_cuts = arguments.cuts == "all";
  benchmark.max_cut_tensors = arguments.model.max_cut_tensors;
  benchmark.verifies = arguments.verifies;
  benchmark.measures_codecs = arguments.measures_codecs;
  benchmark.pins_threads = arguments.pins_threads;
  benchmark.engine.threads = arguments.threads;
  benchmark.engine.provider = ParseProvider(arguments.cpu_only ? "cpu" : arguments.provider);
  benchmark.load = ToLoadOptions(arguments.model);
  benchmark.load.trace_shapes = TraceShapes;
  return campaign;
}

void AddOutputAndEngineOptions(OptionSet& set, BenchmarkArguments& arguments) {
  set.Add("-o,--output-directory", arguments.output_directory,
          "Where TIER-NAME.json, models_profiling/ and models/ go (default: here)");
  set.Add("-s,--store-models", arguments.stores_models,
          "true: keep the built-in models as models/MODEL.onnx (default false)")
      .TypeName("true|false");
  set.AddFlag("--no-plots", arguments.no_plots, "Draw no pictures of the models");
  set.Add("--threads", arguments.threads, "Threads of an inference (default: one a core)")
      .InRange(1, 4096);
  set.AddFlag("--pin", arguments.pins_threads, "Pin each thread of an inference to a core");
  set.Add("--provider", arguments.provider,
          "What runs the operators: cpu, webgpu or cuda (default cpu)");
  set.AddFlag("--cpu-only", arguments.cpu_only, "The same as --provider cpu; also -dc");
  set.AddFlag("--json", arguments.json, "Print the profile instead of a table");
}

void AddOptions(OptionSet& set, BenchmarkArguments& arguments) {
  set.Add("TIER", arguments.tier, "What this machine is: device, edge, cloud, or any word")
      .Required();
  set.Add("NAME", arguments.host, "How this machine is called in plans and networks").Required();
  set.Add("MODEL", arguments.selection.words,
          "Built-in models and ONNX files (default: all built-in models); before them may\n"
          "stand an image to run them on (JPEG, PNG, BMP; default: random input)");
  set.Add("--models", arguments.selection.models, "The same models as one list: a,b,c")
      .TypeName("LIST");
  set.Add("--exclude", arguments.selection.excluded, "Models to leave out: a,b,c").TypeName("LIST");
  const MeasureOptions measure;
  const Option repeats =
      set.Add("-r,--repeats", arguments.repeats,
              fmt::format("Samples of every range (default: {} to {}, until its time is\n"
                          "known to {:.0f} %; the machine's pace is then watched until it is\n"
                          "known to {:.0f} %, for {:.0f} s at the longest)",
                          measure.min_rounds, measure.max_rounds, measure.precision * 100,
                          measure.pace_precision * 100, kLongestWatch.count()))
          .InRange(1, 10000);
  const Option effort =
      set.Add("--effort", arguments.effort,
              "quick: the whole model and its blocks (default where no model is named);\n"
              "normal (default): prefixes, suffixes, pairs and more; full; exhaustive: every\n"
              "range of blocks")
          .TypeName("LEVEL");
  set.AddFlag("--quick", arguments.quick,
              fmt::format("The same as --effort quick -r {}", kQuickRepeats))
      .Excludes(repeats)
      .Excludes(effort);
  set.Add("--cuts", arguments.cuts,
          "useful (default): leave out cuts inside what the engine fuses, and those that\n"
          "both neighbours beat; all: keep every one")
      .TypeName("useful|all")
      .OneOf({"useful", "all"});
  set.AddFlag("--verify", arguments.verifies,
              "Measure a sample of the ranges twice and report how much the medians differ");
  set.AddFlag("--codecs", arguments.measures_codecs,
              "Measure also what packing tensors with fp16, zstd and int8 saves and costs at each\n"
              "cut, for predict --codecs");
  set.Add("--ranges", arguments.ranges,
          "Measure only what the plans in this file (predict --format json) run here and\n"
          "was not measured as one range, as it was measured before, into the profile")
      .TypeName("PLANS")
      .Excludes(effort)
      .Excludes(set.Get("--models"))
      .Excludes(set.Get("--exclude"));
  AddOutputAndEngineOptions(set, arguments);
  AddModelOptions(set, arguments.model);
}

int ReportInterrupted(const CampaignResult& result, std::size_t asked) {
  const std::string done =
      result.measured.empty() ? "" : " (" + Printable(Join(result.measured, ", "), 1000) + ")";
  std::cerr << fmt::format(
      "interrupted: {} of {} models done and kept{}; the same command goes on from there\n",
      result.measured.size(), asked, done);
  return kInterrupted;
}

/// The measurements are safe by now: a picture that cannot be drawn is no failure. Returns whether
/// all were drawn.
bool Draw(const CampaignResult& result, const std::filesystem::path& folder) {
  std::cerr << "drawing the pictures\n";
  try {
    for (const std::string& model : result.measured) DrawProfiling(result.profile, model, folder);
    return true;
  } catch (const std::exception& error) {
    std::cerr << "scission: warning: the pictures are left out (--no-plots): "
              << Printable(error.what(), 500) << '\n';
    return false;
  }
}

/// Prints the profile and writes what is told of it in models_profiling/.
void Report(const CampaignResult& result, const BenchmarkArguments& arguments) {
  std::cout << (arguments.json ? ReadFile(result.file) : BenchmarkText(result.profile));
  const auto folder = std::filesystem::path(arguments.output_directory) / "models_profiling";
  const auto tables = WriteProfilingCsv(result.profile, result.measured, folder);
  const bool has_pictures = !arguments.no_plots && Draw(result, folder);
  if (arguments.json) return;
  std::cout << "\nprofile: " << result.file.string() << "\n";
  for (const auto& table : tables) std::cout << "blocks: " << table.string() << "\n";
  if (has_pictures) std::cout << "pictures: " << (folder / "MODEL").string() << "\n";
}

int MeasureForPlans(const BenchmarkArguments& arguments) {
  CampaignOptions campaign = ToCampaign(arguments);
  std::vector<std::string> models = arguments.selection.words;
  TakeImage(models);
  return MeasureRangesOfPlans(
      {.host = campaign.host,
       .profile = campaign.output_directory / (campaign.tier + "-" + campaign.host + ".json"),
       .plans = arguments.ranges,
       .models = std::move(models),
       .benchmark = std::move(campaign.benchmark)});
}

}  // namespace

int RunBenchmark(const std::vector<std::string>& given) {
  std::vector<std::string> words = given;
  std::replace(words.begin(), words.end(), std::string("-dc"), std::string("--cpu-only"));
  BenchmarkArguments arguments;
  OptionSet set(
      "Measures models on this machine, whole and block by block, and writes a profile.\n"
      "Every model runs in a process of its own; an interrupted run goes on where it stopped.",
      "benchmark");
  AddOptions(set, arguments);
  if (!set.Parse(words)) return kDone;
  if (!arguments.ranges.empty()) return MeasureForPlans(arguments);
  const CampaignOptions campaign = ToCampaign(arguments);
  const CampaignResult result = RunCampaign(campaign);
  if (result.was_interrupted) return ReportInterrupted(result, campaign.models.size());
  if (!result.measured.empty()) Report(result, arguments);
  for (const std::string& model : result.unstable) {
    std::cerr << "scission: warning: unstable: " << Printable(model, 500) << '\n';
  }
  if (result.failed.empty()) return result.unstable.empty() ? kDone : kUnstable;
  return result.was_input_at_fault ? kBadInput : kInternalFailure;
}

}  // namespace scission
