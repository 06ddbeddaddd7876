#include "cli/query_options.h"

#include <fmt/format.h>

#include <numeric>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"

namespace scission {
namespace {

/// The original tool's, for profiles that do not tell the size of the model's input.
constexpr Bytes kDefaultInput = Megabytes(0.15);
constexpr long long kMaxResults = 1'000'000;

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

// ---- Options about single hosts and links, each with a row in a table ----

Constraints HostCriteria(const Problem& problem, const std::string& option,
                         const std::string& argument) {
  const auto [host, text] = ParseHostText(problem, option, argument);
  Constraints constraints = ParseCriteria(problem, option, {host}, text);
  for (Constraint& constraint : constraints) {
    constraint.value = fmt::format("'{}: {}'", problem.host(host).name, constraint.value);
  }
  return constraints;
}

/// The limit that would do is printed after the option, so the host is part of it.
template <typename Parse>
Constraints HostLimit(const Problem& problem, const std::string& option,
                      const std::string& argument, const Parse& parse) {
  const auto [host, text] = ParseHostText(problem, option, argument);
  Constraint constraint = parse(option, std::vector<int>{host}, text);
  constraint.option += " of " + problem.host(host).name;
  return {constraint};
}

Constraints HostUpload(const Problem& problem, const std::string& option,
                       const std::string& argument) {
  return HostLimit(problem, option, argument, ParseUploadLimit);
}

Constraints HostTime(const Problem& problem, const std::string& option,
                     const std::string& argument) {
  return HostLimit(problem, option, argument, ParseTimeLimit);
}

Constraints HostMemory(const Problem& problem, const std::string& option,
                       const std::string& argument) {
  return HostLimit(problem, option, argument, ParseMemoryLimit);
}

Constraints ExcludedHost(const Problem& problem, const std::string& option,
                         const std::string& name) {
  return {{{ParseHost(problem, option, name)}, UseRule{false}, option, name}};
}

Constraints ExcludedLink(const Problem& problem, const std::string& option,
                         const std::string& text) {
  return {ParseExcludedLink(problem, option, text)};
}

/// An option that becomes constraints: how the help shows it, and what it means.
struct ConstraintOption {
  const char* name;
  const char* type;
  const char* help;
  Constraints (*parse)(const Problem& problem, const std::string& option, const std::string& text);
};

/// They may be given several times, a value each.
constexpr ConstraintOption kHostOptions[] = {
    {"--host", "'HOST: CRITERIA'", "what one host runs: LAYER, !LAYER, -1, !-1", HostCriteria},
    {"--host-upload", "'HOST: MB'", "the most that one host sends", HostUpload},
    {"--host-time", "'HOST: SECONDS|N%'", "the longest that one host computes", HostTime},
    {"--host-memory", "'HOST: MB'", "the most memory that one host's layers take", HostMemory},
    {"--exclude-host", "HOST", "a host that must not be used", ExcludedHost},
    {"--exclude-link", "'FROM>TO'", "a link that must not be used", ExcludedLink},
};

// ---- Options about all hosts of a plan ----

Constraint OfAllHosts(const Problem& problem, const Rule& rule, const std::string& option,
                      const std::string& text) {
  std::vector<int> all(problem.hosts.size());
  std::iota(all.begin(), all.end(), 0);
  return {all, rule, option, text};
}

Constraints MaxHosts(const Problem& problem, const std::string& option, const std::string& text) {
  return {OfAllHosts(problem, StageLimit{ParseCount(option, text)}, option, text)};
}

Constraints MinSegment(const Problem& problem, const std::string& option, const std::string& text) {
  return {OfAllHosts(problem, SegmentRule{.min_layers = ParseCount(option, text)}, option, text)};
}

Constraints MaxSegment(const Problem& problem, const std::string& option, const std::string& text) {
  return {OfAllHosts(problem, SegmentRule{.max_layers = ParseCount(option, text)}, option, text)};
}

Constraints PrivateLayers(const Problem& problem, const std::string& option,
                          const std::string& text) {
  return {ParsePrivateLayers(problem, option, text)};
}

template <Metric metric>
Constraints WholeLimit(const Problem&, const std::string& option, const std::string& text) {
  return {ParseObjectiveLimit(option, metric, text)};
}

constexpr ConstraintOption kPlanOptions[] = {
    {"--max-latency", "SECONDS", "the longest that an inference takes",
     WholeLimit<Metric::kLatency>},
    {"--min-throughput", "PER_SECOND", "the fewest results a second in a stream of inputs",
     WholeLimit<Metric::kPeriod>},
    {"--max-bytes", "MB", "the most that all hosts send", WholeLimit<Metric::kBytes>},
    {"--max-energy", "JOULES", "the most energy that an inference takes",
     WholeLimit<Metric::kEnergy>},
    {"--max-cost", "MONEY", "the most that an inference costs", WholeLimit<Metric::kCost>},
    {"--max-hosts", "N", "the most hosts that run something", MaxHosts},
    {"--min-segment", "LAYERS", "the fewest layers that a host runs", MinSegment},
    {"--max-segment", "LAYERS", "the most layers that a host runs", MaxSegment},
    {"--private", "K", "the layers 0 to K run on the source", PrivateLayers},
};

// ---- All together ----

void AddTierOptions(OptionSet& set, std::array<TierOptions, kTierCount>& tiers) {
  for (std::size_t i = 0; i < kTiers.size(); ++i) {
    const std::string tier = kTiers[i];
    set.Add(fmt::format("-{},--{}", tier[0], tier), tiers[i].criteria,
            fmt::format("what the {} runs, see below", tier))
        .TypeName("CRITERIA");
  }
  for (std::size_t i = 0; i < kTiers.size(); ++i) {
    if (i + 1 == kTiers.size()) continue;  // as the original: its last tier sends nothing
    set.Add(fmt::format("--{}-upload", kTiers[i]), tiers[i].upload,
            fmt::format("the most that the {} sends", kTiers[i]))
        .TypeName("MB");
  }
  for (std::size_t i = 0; i < kTiers.size(); ++i) {
    set.Add(fmt::format("--{}-time", kTiers[i]), tiers[i].time,
            fmt::format("the longest that the {} computes", kTiers[i]))
        .TypeName("SECONDS|N%");
  }
}

void AddConstraintOptions(OptionSet& set, QueryOptions& options) {
  for (const auto& [name, type, help, parse] : kHostOptions) {
    set.Add(name, options.of_hosts[name], help).TypeName(type).OneValueEach();
  }
  for (const auto& [name, type, help, parse] : kPlanOptions) {
    set.Add(name, options.of_plans[name], help).TypeName(type);
  }
}

std::size_t ParseResultCount(const std::string& text) {
  const auto count = ParseInteger(Trim(text));
  if (count && *count >= 1 && *count <= kMaxResults) return static_cast<std::size_t>(*count);
  throw InputError("--result-count", fmt::format("'{}' is not a whole number from 1 to {}",
                                                 Printable(text, 40), kMaxResults));
}

void Append(Constraints& constraints, const Constraints& more) {
  constraints.insert(constraints.end(), more.begin(), more.end());
}

}  // namespace

const char* const kQueryHelp = R"(
CRITERIA of a tier are separated by commas, and a plan meets all of them:
  -1       the tier runs nothing
  !-1      it runs something
  LAYER    it runs this layer
  !LAYER   it does not run this layer
  HOST     no other host of the tier runs anything (of several hosts: no others)
  !HOST    the tier runs something, but not on this host
A number is a layer if MODEL has it, else a host; name:2500 is always the host 2500.

Limits hold if they are met exactly. They count what all hosts of the tier do together. An upload
limit counts all that they send; a source that runs nothing sends the input, and answers are part of
it with predict --replies and in a study. A time in percent is a part of the plan's computing time.
)";

void AddQueryOptions(OptionSet& set, QueryOptions& options) {
  set.Add("-n,--result-count", options.result_count, "how many plans to show")
      .ShowDefault()
      .TypeName("N");
  set.Add("-i,--input", options.input,
          "size of the input that the source sends if it runs nothing; by default the size "
          "of the model's input as the profiles tell it, or 0.15")
      .TypeName("MB");
  set.Add("--source", options.source,
          "the host that has the input; by default any host of the tier device "
          "(study: the one that there is)")
      .TypeName("HOST");
  set.Add("--objective", options.objective,
          "latency, throughput, bytes, energy, cost, or a weighted sum such as "
          "latency=1,energy=0.5 (seconds, MB, joules, money)")
      .ShowDefault()
      .TypeName("METRIC");
  set.Add("--codecs", options.codecs,
          "pack what crosses a hop with one of these where that saves time: fp16, zstd, int8 "
          "(fp16 and int8 change the output a little); needs what benchmark --codecs measures")
      .TypeName("CODEC,...");
  set.AddFlag("--revisit", options.may_revisit, "a host may run several parts of the model");
  set.Add("--time-limit", options.time_limit,
          "when to stop the search and say that the answer is not proven")
      .ShowDefault()
      .TypeName("SECONDS");
  AddTierOptions(set, options.tiers);
  AddConstraintOptions(set, options);
}

void AddPredictOptions(OptionSet& set, QueryOptions& options) {
  set.Add("--pareto", options.pareto,
          "the plans of which none is better in one of these without being worse in another")
      .TypeName("METRIC,METRIC[,...]");
  set.Add("--hosts", options.hosts_file,
          "TOML file with power, prices, memory and start-up times of hosts and links")
      .TypeName("FILE");
  set.AddFlag("--return-output", options.returns_output, "the source wants the output back");
  set.AddFlag(
      "--replies", options.counts_replies,
      "count the answer's way back through all stages, as `scission run` sends it: each hop "
      "also carries the model's output back, which takes time, bytes, energy and money");
  set.AddFlag("--classic", options.is_classic,
              "plan and print exactly as the original tool did: at most a device, an edge and a "
              "cloud, in this order");
}

std::vector<std::string> ToWords(const QueryOptions& options) {
  const QueryOptions defaults;
  std::vector<std::string> words;
  const auto add = [&words](const std::string& name, const std::string& value,
                            const std::string& unless = "") {
    if (value != unless) words.push_back(name + "=" + value);
  };
  add("--input", options.input);
  add("--source", options.source);
  add("--objective", options.objective, defaults.objective);
  add("--pareto", options.pareto);
  add("--codecs", options.codecs);
  add("--time-limit", options.time_limit, defaults.time_limit);
  for (std::size_t i = 0; i < kTiers.size(); ++i) {
    const std::string tier = std::string("--") + kTiers[i];
    add(tier, options.tiers[i].criteria);
    add(tier + "-upload", options.tiers[i].upload);
    add(tier + "-time", options.tiers[i].time);
  }
  for (const auto& [name, texts] : options.of_hosts) {
    for (const std::string& text : texts) add(name, text);
  }
  for (const auto& [name, text] : options.of_plans) add(name, text);
  if (options.may_revisit) words.emplace_back("--revisit");
  if (options.returns_output) words.emplace_back("--return-output");
  if (options.counts_replies) words.emplace_back("--replies");
  if (options.is_classic) words.emplace_back("--classic");
  return words;
}

QueryOptions FromWords(const std::string& file, const std::vector<std::string>& words) {
  QueryOptions options;
  OptionSet set("", "predict");
  AddQueryOptions(set, options);
  AddPredictOptions(set, options);
  try {
    if (set.Parse(words)) return options;
  } catch (const InputError& error) {
    throw InputError(file + ": options", error.what());
  }
  throw InputError(file + ": options", "ask for help");
}

Bytes InputSize(const QueryOptions& options, const std::vector<HostProfile>& hosts) {
  if (!options.input.empty()) return ParseMegabytes("--input", options.input);
  return InputBytes(hosts).value_or(kDefaultInput);
}

Query MakeQuery(const QueryOptions& options, const Problem& problem) {
  Query query;
  query.result_count = ParseResultCount(options.result_count);
  query.objective = ParseObjective("--objective", options.objective);
  for (std::size_t i = 0; i < kTiers.size(); ++i) {
    AddTierConstraints(problem, kTiers[i], options.tiers[i], query.constraints);
  }
  for (const ConstraintOption& option : kHostOptions) {
    for (const std::string& text : options.of_hosts.at(option.name)) {
      Append(query.constraints, option.parse(problem, option.name, text));
    }
  }
  for (const ConstraintOption& option : kPlanOptions) {
    const std::string& text = options.of_plans.at(option.name);
    if (!text.empty()) Append(query.constraints, option.parse(problem, option.name, text));
  }
  return query;
}

}  // namespace scission
