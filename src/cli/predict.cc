// scission predict: profiles and a network in, the best plans out.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
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

struct TierOptions {
  std::string criteria;
  std::string upload;
  std::string time;
};

struct PredictOptions {
  std::string profiles;
  std::string network;
  std::string model;
  std::string result_count = "5";
  std::string input;
  std::string source;
  std::array<TierOptions, kTierCount> tiers;  ///< as kTiers
  std::vector<std::string> hosts;
  std::vector<std::string> host_uploads;
  std::vector<std::string> host_times;
  std::vector<std::string> excluded_hosts;
  std::vector<std::string> excluded_links;
  std::string max_hosts;
  std::string min_segment;
  std::string max_segment;
  std::string private_layers;
  std::string format = "text";
  std::string plot;
  bool classic = false;
  bool explain = false;
};

/// The original tool's, for profiles that do not tell the size of the model's input.
constexpr Bytes kDefaultInput = Megabytes(0.15);
constexpr long long kMaxResults = 1'000'000;

constexpr const char* kDescription =
    "Find the best ways to run MODEL on the hosts in PROFILES: which hosts, which layers on each,\n"
    "and how long an inference takes. Any number of hosts may take part, in any order for which\n"
    "NETWORK has links.";

constexpr const char* kFooter = R"(
CRITERIA of a tier are separated by commas, and a plan meets all of them:
  -1       the tier runs nothing
  !-1      it runs something
  LAYER    it runs this layer
  !LAYER   it does not run this layer
  HOST     no other host of the tier runs anything (of several hosts: no others)
  !HOST    the tier runs something, but not on this host
A number is a layer if MODEL has it, else a host; name:2500 is always the host 2500.

Limits hold if they are met exactly. They count what all hosts of the tier do together. An upload
limit counts all that they send; a source that runs nothing sends the input. A time in percent is a
part of the plan's computing time.

Examples:
  $ scission predict profiles network.csv vgg19
  $ scission predict profiles network.csv vgg19 -d '!-1' -e 10 -c 16 --explain
  $ scission predict profiles network.csv vgg19 --edge-upload 0.5 --cloud-time 20% --plot plan)";

void AddTierOptions(CLI::App& app, std::array<TierOptions, kTierCount>& tiers) {
  for (std::size_t i = 0; i < kTiers.size(); ++i) {
    const std::string tier = kTiers[i];
    app.add_option(fmt::format("-{},--{}", tier[0], tier), tiers[i].criteria,
                   fmt::format("what the {} runs, see below", tier))
        ->type_name("CRITERIA");
  }
  for (std::size_t i = 0; i < kTiers.size(); ++i) {
    if (i + 1 == kTiers.size()) continue;  // the last tier sends nothing
    app.add_option(fmt::format("--{}-upload", kTiers[i]), tiers[i].upload,
                   fmt::format("the most that the {} sends", kTiers[i]))
        ->type_name("MB");
  }
  for (std::size_t i = 0; i < kTiers.size(); ++i) {
    app.add_option(fmt::format("--{}-time", kTiers[i]), tiers[i].time,
                   fmt::format("the longest that the {} computes", kTiers[i]))
        ->type_name("SECONDS|N%");
  }
}

/// Options that may be given several times, a value each.
void AddHostOptions(CLI::App& app, PredictOptions& options) {
  const auto add = [&](const char* name, std::vector<std::string>& values, const char* type,
                       const char* text) {
    app.add_option(name, values, text)->type_name(type)->allow_extra_args(false);
  };
  add("--host", options.hosts, "'HOST: CRITERIA'", "what one host runs: LAYER, !LAYER, -1, !-1");
  add("--host-upload", options.host_uploads, "'HOST: MB'", "the most that one host sends");
  add("--host-time", options.host_times, "'HOST: SECONDS|N%'",
      "the longest that one host computes");
  add("--exclude-host", options.excluded_hosts, "HOST", "a host that must not be used");
  add("--exclude-link", options.excluded_links, "'FROM>TO'", "a link that must not be used");
}

void AddPlanOptions(CLI::App& app, PredictOptions& options) {
  app.add_option("--max-hosts", options.max_hosts, "the most hosts that run something")
      ->type_name("N");
  app.add_option("--min-segment", options.min_segment, "the fewest layers that a host runs")
      ->type_name("LAYERS");
  app.add_option("--max-segment", options.max_segment, "the most layers that a host runs")
      ->type_name("LAYERS");
  app.add_option("--private", options.private_layers, "the layers 0 to K run on the source")
      ->type_name("K");
}

void AddOptions(CLI::App& app, PredictOptions& options) {
  app.add_option("PROFILES", options.profiles,
                 "folder of profiles (TIER-NAME.json, or the original's TIER-NAME.dat)")
      ->required();
  app.add_option("NETWORK", options.network,
                 "CSV file of links, looked for here and then in PROFILES")
      ->required();
  app.add_option("MODEL", options.model, "name of the model, in any case")->required();
  app.add_option("-n,--result-count", options.result_count, "how many plans to show")
      ->capture_default_str()
      ->type_name("N");
  app.add_option("-i,--input", options.input,
                 "size of the input that the source sends if it runs nothing; by default the size "
                 "of the model's input as the profiles tell it, or 0.15")
      ->type_name("MB");
  app.add_option("--source", options.source,
                 "the host that has the input; by default any host of the tier device")
      ->type_name("HOST");
  AddTierOptions(app, options.tiers);
  AddHostOptions(app, options);
  AddPlanOptions(app, options);
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
  app.footer(kFooter);
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

std::size_t ParseResultCount(const std::string& text) {
  const auto count = ParseInteger(Trim(text));
  if (count && *count >= 1 && *count <= kMaxResults) return static_cast<std::size_t>(*count);
  throw InputError("--result-count", fmt::format("'{}' is not a whole number from 1 to {}",
                                                 Printable(text, 40), kMaxResults));
}

fs::path FindNetwork(const PredictOptions& options) {
  const fs::path inside = fs::path(options.profiles) / options.network;
  return !fs::exists(options.network) && fs::exists(inside) ? inside : fs::path(options.network);
}

using Constraints = std::vector<Constraint>;

void AddTierConstraints(const Problem& problem, const std::string& tier, const TierOptions& texts,
                        Constraints& constraints) {
  const std::string option = "--" + tier;
  const std::vector<int> hosts = problem.HostsOf(tier);
  for (const Constraint& constraint : ParseCriteria(problem, option, hosts, texts.criteria)) {
    constraints.push_back(constraint);
  }
  if (!texts.upload.empty()) {
    constraints.push_back(ParseUploadLimit(option + "-upload", hosts, texts.upload));
  }
  if (!texts.time.empty()) {
    constraints.push_back(ParseTimeLimit(option + "-time", hosts, texts.time));
  }
}

/// "HOST: TEXT"; a host's name may have colons, TEXT has none.
struct HostText {
  int host = 0;
  std::string text;
};

HostText ParseHostText(const Problem& problem, const std::string& option,
                       const std::string& argument) {
  const auto colon = argument.rfind(':');
  if (colon == argument.npos) {
    throw InputError(option, fmt::format("'{}' is not a host, a colon and what is meant for it",
                                         Printable(argument, 60)));
  }
  return {ParseHost(problem, option, argument.substr(0, colon)), argument.substr(colon + 1)};
}

void AddHostConstraints(const Problem& problem, const PredictOptions& options,
                        Constraints& constraints) {
  for (const std::string& argument : options.hosts) {
    const auto [host, text] = ParseHostText(problem, "--host", argument);
    for (Constraint constraint : ParseCriteria(problem, "--host", {host}, text)) {
      constraint.value = fmt::format("'{}: {}'", problem.host(host).name, constraint.value);
      constraints.push_back(constraint);
    }
  }
  // The limit that would do is printed after the option, so the host is part of it.
  for (const std::string& argument : options.host_uploads) {
    const auto [host, text] = ParseHostText(problem, "--host-upload", argument);
    constraints.push_back(ParseUploadLimit("--host-upload", {host}, text));
    constraints.back().option += " of " + problem.host(host).name;
  }
  for (const std::string& argument : options.host_times) {
    const auto [host, text] = ParseHostText(problem, "--host-time", argument);
    constraints.push_back(ParseTimeLimit("--host-time", {host}, text));
    constraints.back().option += " of " + problem.host(host).name;
  }
  for (const std::string& name : options.excluded_hosts) {
    const int host = ParseHost(problem, "--exclude-host", name);
    constraints.push_back({{host}, UseRule{false}, "--exclude-host", name});
  }
  for (const std::string& link : options.excluded_links) {
    constraints.push_back(ParseExcludedLink(problem, "--exclude-link", link));
  }
}

void AddPlanConstraints(const Problem& problem, const PredictOptions& options,
                        Constraints& constraints) {
  std::vector<int> all(problem.hosts.size());
  std::iota(all.begin(), all.end(), 0);
  const auto add = [&](const char* option, const std::string& text, const auto& make_rule) {
    if (text.empty()) return;
    const Rule rule = make_rule(ParseCount(option, text));
    constraints.push_back({all, rule, option, text});
  };
  add("--max-hosts", options.max_hosts, [](int count) { return StageLimit{count}; });
  add("--min-segment", options.min_segment,
      [](int count) { return SegmentRule{.min_layers = count}; });
  add("--max-segment", options.max_segment,
      [](int count) { return SegmentRule{.max_layers = count}; });
  if (!options.private_layers.empty()) {
    constraints.push_back(ParsePrivateLayers(problem, "--private", options.private_layers));
  }
}

Query MakeQuery(const PredictOptions& options, const Problem& problem) {
  Query query;
  query.result_count = ParseResultCount(options.result_count);
  for (std::size_t i = 0; i < kTiers.size(); ++i) {
    AddTierConstraints(problem, kTiers[i], options.tiers[i], query.constraints);
  }
  AddHostConstraints(problem, options, query.constraints);
  AddPlanConstraints(problem, options, query.constraints);
  return query;
}

Bytes InputSize(const PredictOptions& options, const std::vector<HostProfile>& hosts) {
  if (!options.input.empty()) return ParseMegabytes("--input", options.input);
  return InputBytes(hosts).value_or(kDefaultInput);
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
  Problem problem = MakeProblem(hosts, network, InputSize(options, hosts));
  SelectSource(problem, options.source);
  if (options.classic) {
    if (problem.host(problem.sources[0]).tier != kTiers[0]) {
      throw InputError("--classic", "needs a source of the tier device");
    }
    KeepTierOrder(problem);
  }
  for (const std::string& warning : warnings) {
    std::cerr << "scission: warning: " << Printable(warning, 500) << '\n';
  }
  const Query query = MakeQuery(options, problem);
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
