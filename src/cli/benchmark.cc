// scission benchmark: measures models on this machine.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <iostream>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench/campaign.h"
#include "cli/command.h"
#include "cli/model_options.h"
#include "report/benchmark_table.h"
#include "zoo/zoo.h"

namespace scission {
namespace {

struct BenchmarkArguments {
  std::string tier;
  std::string host;
  std::vector<std::string> subjects;  ///< [IMAGE] [MODEL ...]
  int repeats = BenchmarkOptions().repeats;
  std::string output_directory = ".";
  int threads = 0;
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

CampaignOptions ToCampaign(const BenchmarkArguments& arguments) {
  CheckNames(arguments);
  CampaignOptions campaign;
  campaign.tier = ToLower(arguments.tier);
  campaign.host = arguments.host;
  campaign.models = arguments.subjects;
  campaign.output_directory = arguments.output_directory;
  BenchmarkOptions& benchmark = campaign.benchmark;
  if (!campaign.models.empty() && IsImageName(campaign.models.front())) {
    benchmark.image = campaign.models.front();
    campaign.models.erase(campaign.models.begin());
    RequireRegularFile(benchmark.image);
  }
  const auto image = std::find_if(campaign.models.begin(), campaign.models.end(), IsImageName);
  if (image != campaign.models.end()) {
    throw InputError(Printable(*image), "is an image; one may stand before the models, not behind");
  }
  if (campaign.models.empty()) {
    for (const ZooEntry& entry : Zoo()) campaign.models.emplace_back(entry.name);
  }
  benchmark.repeats = arguments.repeats;
  benchmark.max_cut_tensors = arguments.model.max_cut_tensors;
  benchmark.engine.threads = arguments.threads;
  benchmark.engine.provider = ParseProvider(arguments.cpu_only ? "cpu" : arguments.provider);
  benchmark.load = ToLoadOptions(arguments.model);
  benchmark.load.trace_shapes = TraceShapes;
  return campaign;
}

void AddOptions(CLI::App& app, BenchmarkArguments& arguments) {
  app.add_option("TIER", arguments.tier, "What this machine is: device, edge, cloud, or any word")
      ->required();
  app.add_option("NAME", arguments.host, "How this machine is called in plans and networks")
      ->required();
  app.add_option("MODEL", arguments.subjects,
                 "Built-in models and ONNX files (default: all built-in models); before them may\n"
                 "stand an image to run them on (JPEG, PNG, BMP; default: random input)");
  app.add_option("-r,--repeats", arguments.repeats,
                 fmt::format("Samples of every block (default {})", arguments.repeats))
      ->check(CLI::Range(1, 10000));
  app.add_option("-o,--output-directory", arguments.output_directory,
                 "Where TIER-NAME.json goes (default: here)");
  app.add_option("--threads", arguments.threads, "Threads of an inference (default: one a core)")
      ->check(CLI::Range(1, 4096));
  app.add_option("--provider", arguments.provider,
                 "What runs the operators: cpu, webgpu or cuda (default cpu)");
  app.add_flag("--cpu-only", arguments.cpu_only, "The same as --provider cpu; also -dc");
  app.add_flag("--json", arguments.json, "Print the profile instead of a table");
  AddModelOptions(app, arguments.model);
}

int Report(const CampaignResult& result, bool json) {
  if (result.was_interrupted) {
    std::cerr << fmt::format(
        "interrupted; {} of the models are done and kept: the same command goes on from there\n",
        result.measured.size());
    return kInterrupted;
  }
  if (!result.measured.empty()) {
    std::cout << (json ? ReadFile(result.file) : BenchmarkText(result.profile));
    if (!json) std::cout << "\nprofile: " << result.file.string() << "\n";
  }
  if (result.failed.empty()) return kDone;
  return result.was_input_at_fault ? kBadInput : kInternalFailure;
}

}  // namespace

int RunBenchmark(const std::vector<std::string>& given) {
  std::vector<std::string> words = given;
  std::replace(words.begin(), words.end(), std::string("-dc"), std::string("--cpu-only"));
  BenchmarkArguments arguments;
  CLI::App app(
      "Measures models on this machine, whole and block by block, and writes a profile.\n"
      "Every model runs in a process of its own; an interrupted run goes on where it stopped.",
      "benchmark");
  AddOptions(app, arguments);
  if (!ParseArguments(app, words)) return kDone;
  return Report(RunCampaign(ToCampaign(arguments)), arguments.json);
}

}  // namespace scission
