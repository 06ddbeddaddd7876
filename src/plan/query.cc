#include "plan/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

[[noreturn]] void FailUnknownHost(const std::string& option, const std::string& name,
                                  const std::vector<std::string>& hosts) {
  const auto nearest = Nearest(name, hosts);
  const std::string known =
      hosts.empty() ? "no host with the model is of this tier" : "there is " + Join(hosts, ", ");
  throw InputError(option,
                   fmt::format("there is no host '{}'{}; {}", Printable(name, 60),
                               nearest ? " (did you mean '" + *nearest + "'?)" : "", known));
}

/// Reads the criteria of one tier.
class CriteriaParser {
 public:
  CriteriaParser(const Problem& problem, const std::string& option, const std::vector<int>& hosts)
      : problem_(problem), option_(option), hosts_(hosts) {}

  std::vector<Constraint> Parse(std::string_view text) {
    for (const std::string& criterion : Split(text, ',')) {
      if (!criterion.empty()) ParseOne(criterion);
    }
    if (!wanted_hosts_.empty()) {
      const std::string names = Join(problem_.HostNames(wanted_hosts_), ",");
      std::sort(wanted_hosts_.begin(), wanted_hosts_.end());
      Add(HostRule{wanted_hosts_, true}, names);
    }
    return std::move(constraints_);
  }

 private:
  void ParseOne(const std::string& criterion) {
    const bool negated = criterion.starts_with('!');
    const std::string word(Trim(std::string_view(criterion).substr(negated ? 1 : 0)));
    const auto number = ParseInteger(word);
    if (word == "-1") {
      Add(UseRule{negated}, criterion);
    } else if (number && *number >= problem_.first_layer() && *number <= problem_.last_layer()) {
      Add(LayerRule{static_cast<int>(*number), !negated}, criterion);
    } else if (number && !FindHost(word)) {
      throw InputError(option_,
                       fmt::format("there is no layer {}; {} has the layers {} to {}", word,
                                   problem_.model, problem_.first_layer(), problem_.last_layer()));
    } else {
      AddHost(word, negated, criterion);
    }
  }

  void AddHost(const std::string& word, bool negated, const std::string& criterion) {
    constexpr std::string_view kPrefix = "name:";
    auto host = FindHost(word);
    if (!host && word.starts_with(kPrefix)) {
      const std::string name(Trim(std::string_view(word).substr(kPrefix.size())));
      host = FindHost(name);
      if (!host) FailUnknownHost(option_, name, problem_.HostNames(hosts_));
    }
    if (!host) FailUnknownHost(option_, word, problem_.HostNames(hosts_));
    if (negated) {
      Add(HostRule{{*host}, false}, criterion);
    } else {
      wanted_hosts_.push_back(*host);
    }
  }

  /// Among those of the tier.
  std::optional<int> FindHost(std::string_view name) const {
    const int host = problem_.FindHost(name);
    return host >= 0 && Contains(hosts_, host) ? std::optional(host) : std::nullopt;
  }

  void Add(Rule rule, const std::string& criterion) {
    constraints_.push_back({hosts_, std::move(rule), option_, criterion});
  }

  const Problem& problem_;
  std::string option_;
  std::vector<int> hosts_;
  std::vector<int> wanted_hosts_;
  std::vector<Constraint> constraints_;
};

double ParseAmount(const std::string& option, std::string_view text, double limit,
                   const char* what) {
  const auto number = ParseNumber(Trim(text));
  if (number && *number >= 0 && *number <= limit) return *number;
  throw InputError(option, fmt::format("'{}' is not {}", Printable(text, 40), what));
}

/// Those that are in `now`, by name.
std::vector<int> Renumbered(const std::vector<int>& hosts, const Problem& before,
                            const Problem& now) {
  std::vector<int> numbers;
  for (const int host : hosts) {
    const int number = now.FindHost(before.host(host).name);
    if (number >= 0) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

Query Renumbered(Query query, const Problem& before, const Problem& now) {
  for (Constraint& constraint : query.constraints) {
    constraint.hosts = Renumbered(constraint.hosts, before, now);
    if (auto* rule = std::get_if<HostRule>(&constraint.rule)) {
      rule->named = Renumbered(rule->named, before, now);
    } else if (auto* link = std::get_if<LinkRule>(&constraint.rule)) {
      const int to = now.FindHost(before.host(link->to).name);
      if (to < 0) constraint.hosts.clear();  // no hop leads there from anywhere
      link->to = std::max(to, 0);
    }
  }
  return query;
}

bool Contains(const std::vector<int>& hosts, int number) {
  return std::binary_search(hosts.begin(), hosts.end(), number);
}

std::vector<Constraint> ParseCriteria(const Problem& problem, const std::string& option,
                                      const std::vector<int>& hosts, std::string_view text) {
  return CriteriaParser(problem, option, hosts).Parse(text);
}

Bytes ParseMegabytes(const std::string& option, std::string_view text) {
  const double megabytes = ParseAmount(option, text, 1e12, "a number of MB from 0 to 1e12");
  // To a thousandth of a byte, so that 0.401536 MB is 401536 bytes and not a rounding error less.
  return Bytes{std::round(megabytes * 1e9) / 1e3};
}

Constraint ParseUploadLimit(const std::string& option, const std::vector<int>& hosts,
                            std::string_view text) {
  return {hosts, UploadLimit{ParseMegabytes(option, text)}, option, std::string(Trim(text))};
}

Constraint ParseTimeLimit(const std::string& option, const std::vector<int>& hosts,
                          std::string_view text) {
  std::string_view number = Trim(text);
  const bool is_share = number.ends_with('%');
  if (is_share) number.remove_suffix(1);
  constexpr const char* kWhat = "a number of seconds, or a percentage, from 0 to 1e12";
  const double amount = ParseAmount(option, number, 1e12, kWhat);
  const Rule rule = is_share ? Rule(TimeShareLimit{amount}) : Rule(TimeLimit{Seconds(amount)});
  return {hosts, rule, option, std::string(Trim(text))};
}

int ParseHost(const Problem& problem, const std::string& option, std::string_view name) {
  const int host = problem.FindHost(Trim(name));
  if (host >= 0) return host;
  std::vector<std::string> known;
  for (const ProblemHost& candidate : problem.hosts) known.push_back(candidate.name);
  FailUnknownHost(option, std::string(Trim(name)), known);
}

Constraint ParseExcludedLink(const Problem& problem, const std::string& option,
                             std::string_view text) {
  const auto arrow = text.find('>');
  if (arrow == text.npos) {
    throw InputError(option, fmt::format("'{}' is not FROM>TO", Printable(text, 60)));
  }
  const int from = ParseHost(problem, option, text.substr(0, arrow));
  const int to = ParseHost(problem, option, text.substr(arrow + 1));
  return {{from}, LinkRule{to}, option, std::string(Trim(text))};
}

Constraint ParsePrivateLayers(const Problem& problem, const std::string& option,
                              std::string_view text) {
  const auto layer = ParseInteger(Trim(text));
  if (!layer || *layer < problem.first_layer() || *layer > problem.last_layer()) {
    throw InputError(option, fmt::format("there is no layer '{}'; {} has the layers {} to {}",
                                         Printable(text, 40), problem.model, problem.first_layer(),
                                         problem.last_layer()));
  }
  return {{}, PrivateRule{static_cast<int>(*layer)}, option, std::string(Trim(text))};
}

Constraint ParseMemoryLimit(const std::string& option, const std::vector<int>& hosts,
                            std::string_view text) {
  return {hosts, MemoryLimit{ParseMegabytes(option, text)}, option, std::string(Trim(text))};
}

Seconds ParseDuration(const std::string& option, std::string_view text) {
  constexpr const char* kWhat = "a number of seconds above 0";
  const double seconds = ParseAmount(option, text, 1e9, kWhat);
  if (seconds > 0) return Seconds(seconds);
  throw InputError(option, fmt::format("'{}' is not {}", Printable(text, 40), kWhat));
}

Constraint ParseObjectiveLimit(const std::string& option, Metric metric, std::string_view text) {
  constexpr double kMost = 1e12;
  double limit = 0;
  if (metric == Metric::kBytes) {
    limit = ParseMegabytes(option, text).count;
  } else if (metric == Metric::kPeriod) {
    const double rate = ParseAmount(option, text, kMost, "a number of results a second up to 1e12");
    limit = rate > 0 ? 1 / rate : std::numeric_limits<double>::max();
  } else {
    limit = ParseAmount(option, text, kMost, "a number from 0 to 1e12");
  }
  return {{}, ObjectiveLimit{{{{metric, 1}}}, limit}, option, std::string(Trim(text))};
}

int ParseCount(const std::string& option, std::string_view text) {
  const auto count = ParseInteger(Trim(text));
  if (count && *count >= 1 && *count <= std::numeric_limits<int>::max()) {
    return static_cast<int>(*count);
  }
  throw InputError(option, fmt::format("'{}' is not a whole number above 0", Printable(text, 40)));
}

}  // namespace scission
