// scission predict: profiles and a network in, the best plans out.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/query_options.h"
#include "codec/codec.h"
#include "network/hosts_toml.h"
#include "network/network_csv.h"
#include "plan/codecs.h"
#include "plan/conflict.h"
#include "plan/facts.h"
#include "plan/pareto.h"
#include "plan/planner.h"
#include "plan/replies.h"
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
  bool classic = false;
  bool explain = false;
  bool has_uncertainty = false;
};

/// Of a Pareto front.
constexpr std::size_t kMaxFront = 1000;
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
  set.Add("--format", options.format, "text, csv or json").ShowDefault().TypeName("FORMAT");
  set.AddFlag("--classic", options.classic,
              "plan and print exactly as the original tool did: at most a device, an edge and a "
              "cloud, in this order");
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
  if (options.classic && (format != "text" || wants_text)) {
    throw InputError("--classic", "does not go with --explain, --uncertainty and another --format");
  }
  const bool is_front = !options.query.pareto.empty();
  if (options.classic && (is_front || options.query.objective != Objective().text())) {
    throw InputError("--classic", "knows no objective but the latency");
  }
  if (options.query.counts_replies && options.classic) {
    throw InputError("--replies", "does not go with --classic");
  }
  if (!options.query.codecs.empty() && options.classic) {
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

/// What the files say, with what the user asks for.
struct Task {
  Problem problem;
  Query query;
  std::vector<Metric> front;  ///< empty: plans by the query's objective
  std::string currency;
  std::string network_file;
  std::vector<fs::path> files;           ///< all that were read
  std::vector<std::string> constraints;  ///< the user's, as options; for messages
};

/// Throws InputError where a metric needs figures that no file has.
void RequireFacts(const Task& task) {
  for (const Objective::Term& term : task.query.objective.terms) {
    RequireFacts(task.problem, term.metric, "--objective");
  }
  for (const Metric metric : task.front) RequireFacts(task.problem, metric, "--pareto");
  for (const Constraint& constraint : task.query.constraints) {
    const auto* limit = std::get_if<ObjectiveLimit>(&constraint.rule);
    if (limit == nullptr) continue;
    RequireFacts(task.problem, *limit->objective.single(), constraint.option);
  }
}

void KeepClassic(Problem& problem) {
  if (problem.host(problem.sources[0]).tier != kTiers[0]) {
    throw InputError("--classic", "needs a source of the tier device");
  }
  KeepTierOrder(problem);
}

void CountReplies(Problem& problem, std::vector<std::string>& warnings) {
  for (const auto& [from, to] : scission::CountReplies(problem)) {
    warnings.push_back(
        fmt::format("there is no link from {1} to {0}, on which answers return: that from {0} to "
                    "{1} is not used",
                    problem.host(from).name, problem.host(to).name));
  }
}

/// Without "none", which hops may always use.
std::vector<std::string> ParseCodecs(const std::string& text) {
  std::vector<std::string> codecs;
  for (const std::string& word : Split(text, ',')) {
    const Codec codec = ParseCodec("--codecs", word);
    const bool is_new = std::find(codecs.begin(), codecs.end(), ToText(codec)) == codecs.end();
    if (codec != Codec::kNone && is_new) codecs.push_back(ToText(codec));
  }
  return codecs;
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

Task ReadTask(const PredictOptions& options) {
  std::vector<std::string> warnings;
  const std::vector<Profile> profiles = ReadProfiles(options.profiles);
  const Network network = ReadNetwork(FindNetwork(options), warnings);
  const auto hosts = SelectModel(profiles, options.model, warnings);
  Task task;
  task.network_file = network.file;
  task.problem = MakeProblem(hosts, network, InputSize(options.query, hosts));
  task.problem.returns_output = options.query.returns_output;
  task.problem.may_revisit = options.query.may_revisit;
  SelectSource(task.problem, options.query.source);
  if (options.query.counts_replies) CountReplies(task.problem, warnings);
  if (!options.query.codecs.empty()) {
    AllowCodecs("--codecs", hosts, ParseCodecs(options.query.codecs), task.problem);
  }
  if (options.classic) KeepClassic(task.problem);
  for (const std::string& warning : warnings) {
    std::cerr << "scission: warning: " << Printable(warning, 500) << '\n';
  }
  task.query = MakeQuery(options.query, task.problem);
  for (const Constraint& constraint : task.query.constraints) {
    task.constraints.push_back(constraint.option + " " + constraint.value);
  }
  if (!options.query.pareto.empty()) {
    task.front = ParseMetrics("--pareto", options.query.pareto);
  }
  if (!options.query.hosts_file.empty()) {
    const Hosts facts = ReadHosts(options.query.hosts_file);
    task.currency = facts.currency;
    AddFacts(facts, task.problem);
    for (const auto& limits :
         {MemoryLimits(facts, task.problem), HostedLimits(facts, task.problem)}) {
      std::copy(limits.begin(), limits.end(), std::back_inserter(task.query.constraints));
    }
  }
  RequireFacts(task);
  task.files = FilesOf(hosts, network, options.query.hosts_file);
  return task;
}

Stop StopAfter(Seconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  return [end] { return std::chrono::steady_clock::now() > end; };
}

/// The plans, and the second best.
void FindBest(const Task& task, const Stop& stop, Prediction& prediction) {
  if (!task.front.empty()) {
    prediction.front = task.front;
    Front front = ParetoFront(task.problem, task.query, task.front, kMaxFront, stop);
    prediction.is_front_complete = front.is_complete;
    prediction.plans = std::move(front.plans);
    return;
  }
  Query query = task.query;
  query.result_count = std::max<std::size_t>(query.result_count, 2);
  Plans plans = FindPlans(task.problem, query, stop);
  prediction.bound = plans.bound;
  prediction.plans = std::move(plans.plans);
  if (prediction.plans.size() > 1) prediction.second = prediction.plans[1];
  prediction.plans.resize(std::min(prediction.plans.size(), task.query.result_count));
}

Prediction Solve(const Task& task, const PredictOptions& options) {
  const Stop stop = StopAfter(ParseDuration("--time-limit", options.query.time_limit));
  Prediction prediction;
  prediction.model = task.problem.model;
  prediction.model_hash = task.problem.model_hash;
  prediction.currency = task.currency;
  prediction.objective = task.query.objective;
  prediction.constraints = task.constraints;
  prediction.counts_replies = options.query.counts_replies;
  FindBest(task, stop, prediction);
  if (prediction.plans.empty()) {
    if (prediction.bound || !prediction.is_front_complete) {
      throw NoPlanError("no plan was found within --time-limit; whether there is one is not known");
    }
    throw NoPlanError(ExplainNoPlan(task.problem, task.query, task.network_file, stop));
  }
  const bool needs_all = !options.save.empty() || !(options.classic || options.format == "csv");
  if (!needs_all) return prediction;
  prediction.unsplit = BestUnsplitPlan(task.problem, task.query);
  if (options.explain) {
    prediction.sensitivities = FindSensitivities(task.problem, task.query, kMaxHosts, stop);
  }
  return prediction;
}

std::string Text(const PredictOptions& options, const Prediction& prediction) {
  if (options.classic) return ClassicPlanLines(prediction.plans);
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
  const Task task = ReadTask(options);
  const Prediction prediction = Solve(task, options);
  if (!options.save.empty()) SavePlans(PlansJson(prediction), task.files, options.save);
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
