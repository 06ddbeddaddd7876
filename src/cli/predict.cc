// scission predict: profiles and a network in, the best plans out.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/plan_task.h"
#include "network/hosts_toml.h"
#include "network/network_csv.h"
#include "profile/profile_io.h"
#include "report/gnuplot.h"
#include "report/plan_explain.h"
#include "report/plan_inputs.h"
#include "report/plan_plot.h"
#include "report/plan_table.h"
#include "report/plan_text.h"
#include "report/prediction_lines.h"
#include "report/sensitivity_text.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

struct PredictOptions {
  std::string profiles;
  std::string network;
  std::string model;
  QueryOptions query;
  std::string format = "text";
  std::string plot;
  std::string save;
  bool explain = false;
  bool has_uncertainty = false;
};

/// Whose speeds --explain looks at: it takes some searches for each.
constexpr int kMaxHosts = 50;

constexpr const char* kDescription =
    "Find the best ways to run MODEL on the hosts in PROFILES: which hosts, which layers on each,\n"
    "and how long an inference takes. Any number of hosts may take part, in any order for which\n"
    "NETWORK has links.";

constexpr const char* kExamples = R"(
Examples:
  $ scission predict profiles network.csv vgg19
  $ scission predict profiles network.csv vgg19 -d '!-1' -e 10 -c 16 --explain
  $ scission predict profiles network.csv vgg19 --edge-upload 0.5 --cloud-time 20% --plot plan
  $ scission predict profiles network.csv vgg19 --hosts hosts.toml --objective energy
  $ scission predict profiles network.csv vgg19 --pareto latency,bytes)";

void AddOptions(OptionSet& set, PredictOptions& options) {
  set.Add("PROFILES", options.profiles,
          "folder of profiles (TIER-NAME.json, or the original's TIER-NAME.dat)")
      .Required();
  set.Add("NETWORK", options.network, "CSV file of links, looked for here and then in PROFILES")
      .Required();
  set.Add("MODEL", options.model, "name of the model, in any case").Required();
  AddQueryOptions(set, options.query);
  AddPredictOptions(set, options.query);
  set.Add("--format", options.format, "text, csv or json").ShowDefault().TypeName("FORMAT");
  set.AddFlag("--explain", options.explain,
              "show where the best plan's time goes, what other plans would cost, and which "
              "bandwidth, latency or speed would make another plan the best");
  set.AddFlag("--uncertainty", options.has_uncertainty,
              "show how sure the plans' times and their order are");
  set.Add("--plot", options.plot, "draw the best plan as PATH.png and PATH.svg").TypeName("PATH");
  set.Add("--save", options.save,
          "write the plans into FILE as --format json prints them, bound to what they were "
          "made from: commands that follow a plan refuse it when profiles, network or hosts "
          "file have changed")
      .TypeName("FILE");
  set.Footer(std::string(kQueryHelp) + kExamples);
}

void CheckOptions(const PredictOptions& options) {
  const std::string& format = options.format;
  if (format != "text" && format != "csv" && format != "json") {
    throw InputError("--format",
                     fmt::format("'{}' is not text, csv or json", Printable(format, 40)));
  }
  const bool wants_text = options.explain || options.has_uncertainty;
  if (options.query.is_classic && (format != "text" || wants_text)) {
    throw InputError("--classic", "does not go with --explain, --uncertainty and another --format");
  }
  const bool is_front = !options.query.pareto.empty();
  if (options.query.is_classic && (is_front || options.query.objective != Objective().text())) {
    throw InputError("--classic", "knows no objective but the latency");
  }
  if (options.query.counts_replies && options.query.is_classic) {
    throw InputError("--replies", "does not go with --classic");
  }
  if (!options.query.codecs.empty() && options.query.is_classic) {
    throw InputError("--codecs", "does not go with --classic");
  }
  if (options.query.counts_replies && options.query.returns_output) {
    throw InputError("--replies",
                     "does not go with --return-output: it returns the output already");
  }
  if (options.explain && is_front) {
    throw InputError("--explain", "is about one best plan, of which --pareto has none");
  }
  if (wants_text && format == "csv") {
    throw InputError("--format", "csv does not go with --explain and --uncertainty; json does");
  }
}

fs::path FindNetwork(const PredictOptions& options) {
  const fs::path inside = fs::path(options.profiles) / options.network;
  return !fs::exists(options.network) && fs::exists(inside) ? inside : fs::path(options.network);
}

/// Of the profiles those that have the model: the others do not matter.
std::vector<fs::path> FilesOf(const std::vector<HostProfile>& hosts, const Network& network,
                              const std::string& hosts_file) {
  std::vector<fs::path> files;
  for (const HostProfile& host : hosts) files.emplace_back(host.profile->file);
  files.emplace_back(network.file);
  if (!hosts_file.empty()) files.emplace_back(hosts_file);
  return files;
}

/// What the files say, with what the user asks for; `files` are those that were read.
PlanTask ReadTask(const PredictOptions& options, std::vector<fs::path>& files) {
  std::vector<std::string> warnings;
  const std::vector<Profile> profiles = ReadProfiles(options.profiles);
  const Network network = ReadNetwork(FindNetwork(options), warnings);
  const std::string& hosts_file = options.query.hosts_file;
  const Hosts facts = hosts_file.empty() ? Hosts() : ReadHosts(hosts_file);
  const auto hosts = SelectModel(profiles, options.model, warnings);
  Problem problem = MakeProblem(options.query, hosts, network, facts, warnings);
  for (const std::string& warning : warnings) {
    std::cerr << "scission: warning: " << Printable(warning, 500) << '\n';
  }
  Query query = MakeQuery(options.query, problem);
  PlanTask task = MakeTask(options.query, std::move(problem), std::move(query), facts);
  task.network_file = network.file;
  files = FilesOf(hosts, network, hosts_file);
  return task;
}

Prediction Solve(const PlanTask& task, const PredictOptions& options) {
  const Stop stop = StopAfterTimeLimit(options.query);
  Prediction prediction = FindBest(task, stop);
  const bool needs_all =
      !options.save.empty() || !(options.query.is_classic || options.format == "csv");
  if (!needs_all) return prediction;
  prediction.unsplit = BestUnsplitPlan(task.problem, task.query);
  if (options.explain) {
    prediction.sensitivities = FindSensitivities(task.problem, task.query, kMaxHosts, stop);
  }
  return prediction;
}

std::string Text(const PredictOptions& options, const Prediction& prediction) {
  if (options.query.is_classic) return ClassicPlanLines(prediction.plans);
  if (options.format == "csv") return PlansCsv(prediction.plans);
  if (options.format == "json") return PlansJson(prediction);
  std::string text = PredictionLines(prediction);
  if (options.explain) {
    text += "\n" + ExplainPlans(prediction) + SensitivityText(prediction.sensitivities);
    if (!options.query.codecs.empty()) {
      text += "Which links and speeds would change the best plan is not told with --codecs.\n";
    }
  }
  if (options.has_uncertainty) text += "\n" + ExplainUncertainty(prediction);
  if (!options.plot.empty()) {
    text += fmt::format("Pictures: {0}.png, {0}.svg\n", PicturePath(options.plot).string());
  }
  return text;
}

int Predict(const PredictOptions& options) {
  CheckOptions(options);
  std::vector<fs::path> files;
  const PlanTask task = ReadTask(options, files);
  const Prediction prediction = Solve(task, options);
  if (!options.save.empty()) SavePlans(PlansJson(prediction), files, options.save);
  if (!options.plot.empty()) {
    PlotPlan(task.problem, prediction.plans.front(), PicturePath(options.plot));
  }
  std::cout << Text(options, prediction);
  return kDone;
}

}  // namespace

int RunPredict(const std::vector<std::string>& arguments) {
  PredictOptions options;
  OptionSet set(kDescription, "predict");
  AddOptions(set, options);
  if (!set.Parse(arguments)) return kDone;
  return Predict(options);
}

}  // namespace scission
