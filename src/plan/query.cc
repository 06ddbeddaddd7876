#include "plan/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether a tier's use obeys a rule, one kind of rule each.
struct Judge {
  const TierUse& use;
  Seconds total;  ///< compute time of the whole plan

  bool operator()(const TierRule& rule) const { return (use.host != nullptr) == rule.used; }
  bool operator()(const LayerRule& rule) const {
    const bool inside =
        use.host != nullptr && use.first_layer <= rule.layer && rule.layer <= use.last_layer;
    return inside == rule.inside;
  }
  bool operator()(const HostRule& rule) const {
    return use.host != nullptr && Contains(rule.hosts, *use.host) == rule.allowed;
  }
  bool operator()(const UploadLimit& rule) const { return use.sent <= rule.limit; }
  bool operator()(const TimeLimit& rule) const { return use.compute <= rule.limit; }
  bool operator()(const TimeShareLimit& rule) const {
    return use.compute * 100 <= total * rule.percent;
  }
};

[[noreturn]] void FailUnknownHost(const std::string& option, const std::string& name,
                                  const std::vector<std::string>& hosts) {
  const auto nearest = Nearest(name, hosts);
  const std::string known = hosts.empty() ? "this tier has no host with the model"
                                          : "the tier's hosts are " + Join(hosts, ", ");
  throw InputError(option,
                   fmt::format("there is no host '{}'{}; {}", Printable(name, 60),
                               nearest ? " (did you mean '" + *nearest + "'?)" : "", known));
}

/// Reads the criteria of one tier.
class CriteriaParser {
 public:
  CriteriaParser(const Problem& problem, int tier)
      : problem_(problem),
        tier_(tier),
        option_(fmt::format("--{}", kTiers[static_cast<std::size_t>(tier)])),
        hosts_(problem.HostNames(tier)) {}

  std::vector<Constraint> Parse(std::string_view text) {
    for (const std::string& criterion : Split(text, ',')) {
      if (!criterion.empty()) ParseOne(criterion);
    }
    if (!wanted_hosts_.empty()) Add(HostRule{wanted_hosts_, true}, Join(wanted_hosts_, ","));
    return std::move(constraints_);
  }

 private:
  void ParseOne(const std::string& criterion) {
    const bool negated = criterion.starts_with('!');
    const std::string word(Trim(std::string_view(criterion).substr(negated ? 1 : 0)));
    const auto number = ParseInteger(word);
    if (word == "-1") {
      Add(TierRule{negated}, criterion);
    } else if (number && *number >= problem_.first_layer() && *number <= problem_.last_layer()) {
      Add(LayerRule{static_cast<int>(*number), !negated}, criterion);
    } else if (number && !Contains(hosts_, word)) {
      throw InputError(option_,
                       fmt::format("there is no layer {}; {} has the layers {} to {}", word,
                                   problem_.model, problem_.first_layer(), problem_.last_layer()));
    } else {
      AddHost(word, negated, criterion);
    }
  }

  void AddHost(const std::string& word, bool negated, const std::string& criterion) {
    constexpr std::string_view kPrefix = "name:";
    std::string name = word;
    if (!Contains(hosts_, name) && name.starts_with(kPrefix)) {
      name = Trim(std::string_view(word).substr(kPrefix.size()));
    }
    if (!Contains(hosts_, name)) FailUnknownHost(option_, name, hosts_);
    if (negated) {
      Add(HostRule{{name}, false}, criterion);
    } else {
      wanted_hosts_.push_back(name);
    }
  }

  void Add(Rule rule, const std::string& criterion) {
    constraints_.push_back({tier_, std::move(rule), option_, criterion});
  }

  const Problem& problem_;
  int tier_;
  std::string option_;
  std::vector<std::string> hosts_;
  std::vector<std::string> wanted_hosts_;
  std::vector<Constraint> constraints_;
};

double ParseAmount(const std::string& option, std::string_view text, double limit,
                   const char* what) {
  const auto number = ParseNumber(Trim(text));
  if (number && *number >= 0 && *number <= limit) return *number;
  throw InputError(option, fmt::format("'{}' is not {}", Printable(text, 40), what));
}

}  // namespace

bool Obeys(const TierUse& use, const Rule& rule, Seconds total) {
  return std::visit(Judge{use, total}, rule);
}

std::vector<Constraint> ParseCriteria(const Problem& problem, int tier, std::string_view text) {
  return CriteriaParser(problem, tier).Parse(text);
}

Bytes ParseMegabytes(const std::string& option, std::string_view text) {
  const double megabytes = ParseAmount(option, text, 1e12, "a number of MB from 0 to 1e12");
  // To a thousandth of a byte, so that 0.401536 MB is 401536 bytes and not a rounding error less.
  return Bytes{std::round(megabytes * 1e9) / 1e3};
}

Constraint ParseUploadLimit(int tier, std::string_view text) {
  const std::string option = fmt::format("--{}-upload", kTiers[static_cast<std::size_t>(tier)]);
  return {tier, UploadLimit{ParseMegabytes(option, text)}, option, std::string(Trim(text))};
}

Constraint ParseTimeLimit(int tier, std::string_view text) {
  const std::string option = fmt::format("--{}-time", kTiers[static_cast<std::size_t>(tier)]);
  std::string_view number = Trim(text);
  const bool is_share = number.ends_with('%');
  if (is_share) number.remove_suffix(1);
  constexpr const char* kWhat = "a number of seconds, or a percentage, from 0 to 1e12";
  const double amount = ParseAmount(option, number, 1e12, kWhat);
  const Rule rule = is_share ? Rule(TimeShareLimit{amount}) : Rule(TimeLimit{Seconds(amount)});
  return {tier, rule, option, std::string(Trim(text))};
}

}  // namespace scission
