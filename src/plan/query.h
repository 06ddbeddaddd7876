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

struct TierRule {
  bool used = false;
};
/// The layer runs in the tier, or does not (which is true of an unused tier).
struct LayerRule {
  int layer = 0;
  bool inside = false;
};
/// The tier is used, by one of the hosts if `allowed`, else by none of them.
struct HostRule {
  std::vector<std::string> hosts;
  bool allowed = false;
};
/// What the tier sends is at most `limit`; a device that runs nothing sends the input.
struct UploadLimit {
  Bytes limit;
};
struct TimeLimit {
  Seconds limit{0};
};
/// The tier's part of the compute time of the whole plan, transfers left out.
struct TimeShareLimit {
  double percent = 0;
};
using Rule = std::variant<TierRule, LayerRule, HostRule, UploadLimit, TimeLimit, TimeShareLimit>;

struct Constraint {
  int tier = 0;
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

/// How a plan uses a tier.
struct TierUse {
  const std::string* host = nullptr;  ///< null: unused
  int first_layer = -1;
  int last_layer = -1;
  Bytes sent;
  Seconds compute{0};
};

/// Whether `use` obeys `rule`; `total` is the compute time of the whole plan.
bool Obeys(const TierUse& use, const Rule& rule, Seconds total);

/// Criteria of a tier as the option --TIER takes them, separated by commas; "!" negates:
///   -1         the tier is not used            !-1         the tier is used
///   LAYER      the layer runs in the tier      !LAYER      it does not
///   HOST       one of the hosts named is used  !HOST       another host of the tier is used
/// A number is a layer where the model has that layer, else a host; "name:HOST" is a host always.
/// Throws InputError naming the option where a layer or host does not exist.
std::vector<Constraint> ParseCriteria(const Problem& problem, int tier, std::string_view text);

/// What --TIER-upload takes: MB.
Constraint ParseUploadLimit(int tier, std::string_view text);

/// What --TIER-time takes: seconds, or a percentage of the compute time ("5%").
Constraint ParseTimeLimit(int tier, std::string_view text);

/// An amount in MB, from 0 to 1e12. `option` is what errors begin with.
Bytes ParseMegabytes(const std::string& option, std::string_view text);

}  // namespace scission
