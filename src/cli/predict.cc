// scission predict: profiles and a network in, the best plans out.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/query_options.h"
#include "network/network_csv.h"
#include "plan/conflict.h"
#include "plan/planner.h"
#include "profile/profile_io.h"
#include "report/plan_explain.h"
#include "report/plan_plot.h"
#include "report/plan_table.h"
#include "report/plan_text.h"

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
  bool classic = false;
  bool explain = false;
};

constexpr const char* kDescription =
    "Find the best ways to run MODEL on the hosts in PROFILES: which hosts, which layers on each,\n"
    "and how long an inference takes. Any number of hosts may take part, in any order for which\n"
    "NETWORK has links.";

constexpr const char* kExamples = R"(
Examples:
  $ scission predict profiles network.csv vgg19
  $ scission predict profiles network.csv vgg19 -d '!-1' -e 10 -c 16 --explain
  $ scission predict profiles network.csv vgg19 --edge-upload 0.5 --cloud-time 20% --plot plan)";

void AddOptions(CLI::App& app, PredictOptions& options) {
  app.add_option("PROFILES", options.profiles,
                 "folder of profiles (TIER-NAME.json, or the original's TIER-NAME.dat)")
      ->required();
  app.add_option("NETWORK", options.network,
                 "CSV file of links, looked for here and then in PROFILES")
      ->required();
  app.add_option("MODEL", options.model, "name of the model, in any case")->required();
  AddQueryOptions(app, options.query);
  app.add_option("--format", options.format, "text, csv or json")
      ->capture_default_str()
      ->type_name("FORMAT");
  app.add_flag("--classic", options.classic,
               "plan and print exactly as the original tool did: at most a device, an edge and a "
               "cloud, in this order");
  app.add_flag("--explain", options.explain,
               "show where the best plan's time goes, and what other plans would cost");
  app.add_option("--plot", options.plot, "draw the best plan as PATH.png and PATH.svg")
      ->type_name("PATH");
  app.footer(std::string(kQueryHelp) + kExamples);
}

void CheckOptions(const PredictOptions& options) {
  const std::string& format = options.format;
  if (format != "text" && format != "csv" && format != "json") {
    throw InputError("--format",
                     fmt::format("'{}' is not text, csv or json", Printable(format, 40)));
  }
  if (options.classic && (format != "text" || options.explain)) {
    throw InputError("--classic", "does not go with --explain, nor with another --format");
  }
  if (options.explain && format != "text") {
    throw InputError("--explain", "does not go with --format " + format);
  }
}

fs::path FindNetwork(const PredictOptions& options) {
  const fs::path inside = fs::path(options.profiles) / options.network;
  return !fs::exists(options.network) && fs::exists(inside) ? inside : fs::path(options.network);
}

std::optional<Plan> BestUnsplitPlan(const Problem& problem, Query query) {
  query.result_count = 1;
  const Rule one_host = StageLimit{1};
  query.constraints.push_back({{}, one_host, "", ""});
  const auto plans = BestPlans(problem, query);
  if (plans.empty()) return std::nullopt;
  return plans.front();
}

/// PATH without a picture's suffix.
fs::path PicturePath(const std::string& text) {
  fs::path path = text;
  const auto suffix = path.extension();
  if (suffix == ".png" || suffix == ".svg") path.replace_extension();
  return path;
}

std::vector<Plan> FirstPlans(std::vector<Plan> plans, std::size_t count) {
  plans.resize(std::min(plans.size(), count));
  return plans;
}

std::string Report(const PredictOptions& options, const Problem& problem, const Query& query,
                   const std::vector<Plan>& plans) {
  const std::vector<Plan> shown = FirstPlans(plans, query.result_count);
  if (options.classic) return ClassicPlanLines(shown);
  if (options.format == "csv") return PlansCsv(shown);
  const auto unsplit = BestUnsplitPlan(problem, query);
  if (options.format == "json") {
    return PlansJson(problem.model, problem.model_hash, shown, unsplit ? &*unsplit : nullptr);
  }
  std::string text = PlanLines(shown);
  if (options.explain) text += "\n" + ExplainPlans(plans, unsplit);
  if (!options.plot.empty()) {
    text += fmt::format("Pictures: {0}.png, {0}.svg\n", PicturePath(options.plot).string());
  }
  return text;
}

int Predict(const PredictOptions& options) {
  CheckOptions(options);
  std::vector<std::string> warnings;
  const std::vector<Profile> profiles = ReadProfiles(options.profiles);
  const Network network = ReadNetwork(FindNetwork(options), warnings);
  const auto hosts = SelectModel(profiles, options.model, warnings);
  Problem problem = MakeProblem(hosts, network, InputSize(options.query, hosts));
  SelectSource(problem, options.query.source);
  if (options.classic) {
    if (problem.host(problem.sources[0]).tier != kTiers[0]) {
      throw InputError("--classic", "needs a source of the tier device");
    }
    KeepTierOrder(problem);
  }
  for (const std::string& warning : warnings) {
    std::cerr << "scission: warning: " << Printable(warning, 500) << '\n';
  }
  const Query query = MakeQuery(options.query, problem);
  Query search = query;
  search.result_count = std::max<std::size_t>(query.result_count, 2);  // for the second best
  const std::vector<Plan> plans = BestPlans(problem, search);
  if (plans.empty()) throw NoPlanError(ExplainNoPlan(problem, query, network.file));
  if (!options.plot.empty()) PlotPlan(problem, plans.front(), PicturePath(options.plot));
  std::cout << Report(options, problem, query, plans);
  return kDone;
}

}  // namespace

int RunPredict(const std::vector<std::string>& arguments) {
  PredictOptions options;
  CLI::App app(kDescription, "predict");
  AddOptions(app, options);
  if (!ParseArguments(app, arguments)) return kDone;
  return Predict(options);
}

}  // namespace scission
