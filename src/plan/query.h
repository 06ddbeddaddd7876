// What the user asks the planner for, and how that is written on a command line.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/units.h"
#include "plan/problem.h"

namespace scission {

/// One of the hosts runs something, or none does.
struct UseRule {
  bool used = false;
};
/// The layer runs on one of the hosts, or on none of them.
struct LayerRule {
  int layer = 0;
  bool inside = false;
};
/// The hosts are used: none but `named` if `allowed`, else none of `named`.
struct HostRule {
  std::vector<int> named;
  bool allowed = false;
};
/// What the hosts send together is at most `limit`; a source that runs nothing sends the input.
struct UploadLimit {
  Bytes limit;
};
/// The hosts compute at most so long, together.
struct TimeLimit {
  Seconds limit{0};
};
/// The hosts' part of the compute time of the whole plan, transfers left out.
struct TimeShareLimit {
  double percent = 0;
};
using Rule = std::variant<UseRule, LayerRule, HostRule, UploadLimit, TimeLimit, TimeShareLimit>;

struct Constraint {
  std::vector<int> hosts;  ///< of Problem::hosts, ascending: those that the rule speaks of
  Rule rule;
  // As on the command line, for messages: "--edge" and "!10".
  std::string option;
  std::string value;
};

struct Query {
  std::size_t result_count = 5;
  int max_stages = std::numeric_limits<int>::max();
  std::vector<Constraint> constraints;  ///< a plan meets all of them
};

/// Whether `number` is among `hosts`, which are ascending.
bool Contains(const std::vector<int>& hosts, int number);

/// Criteria of a tier as the option --TIER takes them, separated by commas; "!" negates:
///   -1         the tier is not used            !-1         the tier is used
///   LAYER      the layer runs in the tier      !LAYER      it does not
///   HOST       the tier is used, but no other  !HOST       the tier is used, but not this host
///              hosts of it than those named
/// A number is a layer where the model has that layer, else a host; "name:HOST" is a host always.
/// Throws InputError naming the option where a layer or host does not exist.
std::vector<Constraint> ParseCriteria(const Problem& problem, const std::string& tier,
                                      std::string_view text);

/// What --TIER-upload takes: MB.
Constraint ParseUploadLimit(const Problem& problem, const std::string& tier, std::string_view text);

/// What --TIER-time takes: seconds, or a percentage of the compute time ("5%").
Constraint ParseTimeLimit(const Problem& problem, const std::string& tier, std::string_view text);

/// An amount in MB, from 0 to 1e12. `option` is what errors begin with.
Bytes ParseMegabytes(const std::string& option, std::string_view text);

}  // namespace scission
