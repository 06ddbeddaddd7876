// What the user asks the planner for, and how that is written on a command line.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/units.h"
#include "plan/metric.h"
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
/// What the hosts send together is at most `limit`; a source that runs nothing sends the input, and
/// where answers count they are part of it.
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
/// Each stage of the hosts has so many layers, at least and at most, all of them among these.
struct SegmentRule {
  int min_layers = 1;
  int max_layers = std::numeric_limits<int>::max();
  int first_layer = 0;
  int last_layer = std::numeric_limits<int>::max();
};
/// The layers up to this one run on the source.
struct PrivateRule {
  int last_layer = 0;
};
/// No hop leads from the hosts to `to`; answers of hops in the other direction may go there.
struct LinkRule {
  int to = 0;
};
/// So many hosts run something, at most.
struct StageLimit {
  int count = 1;
};
/// Each of the hosts needs so much memory, at most: weights and activations.
struct MemoryLimit {
  Bytes limit;
};
/// The objective of the whole plan is at most `limit`.
struct ObjectiveLimit {
  Objective objective;
  double limit = 0;
};
using Rule =
    std::variant<UseRule, LayerRule, HostRule, UploadLimit, TimeLimit, TimeShareLimit, SegmentRule,
                 PrivateRule, LinkRule, StageLimit, MemoryLimit, ObjectiveLimit>;

struct Constraint {
  /// Of Problem::hosts, ascending: those that the rule speaks of, if it speaks of any.
  std::vector<int> hosts;
  Rule rule;
  // As on the command line, for messages: "--edge" and "!10".
  std::string option;
  std::string value;
};

struct Query {
  std::size_t result_count = 5;
  Objective objective;
  std::vector<Constraint> constraints;  ///< a plan meets all of them
};

/// Whether `number` is among `hosts`, which are ascending.
bool Contains(const std::vector<int>& hosts, int number);

/// `query`, which is about `before`, for `now`: the same model, but hosts may be numbered otherwise
/// or be gone. What is asked of a host that is gone is met as by one that runs nothing.
Query Renumbered(Query query, const Problem& before, const Problem& now);

/// Criteria of some hosts, as the option --TIER takes them for those of the tier, separated by
/// commas; "!" negates:
///   -1         none of them is used            !-1         one of them is used
///   LAYER      the layer runs on one of them   !LAYER      it does not
///   HOST       they are used, but none of      !HOST       they are used, but not this one
///              them that is not named
/// A number is a layer where the model has that layer, else a host; "name:HOST" is a host always.
/// Throws InputError naming `option` where a layer or host does not exist.
std::vector<Constraint> ParseCriteria(const Problem& problem, const std::string& option,
                                      const std::vector<int>& hosts, std::string_view text);

/// What --TIER-upload takes: MB.
Constraint ParseUploadLimit(const std::string& option, const std::vector<int>& hosts,
                            std::string_view text);

/// What --TIER-time takes: seconds, or a percentage of the compute time ("5%").
Constraint ParseTimeLimit(const std::string& option, const std::vector<int>& hosts,
                          std::string_view text);

/// The number of the host `name`, for `option`. Throws InputError where there is none.
int ParseHost(const Problem& problem, const std::string& option, std::string_view name);

/// A link that must not be used: "FROM>TO".
Constraint ParseExcludedLink(const Problem& problem, const std::string& option,
                             std::string_view text);

/// The layers up to the one that `text` numbers run on the source.
Constraint ParsePrivateLayers(const Problem& problem, const std::string& option,
                              std::string_view text);

/// What --max-latency (seconds), --min-throughput (results a second), --max-bytes (MB),
/// --max-energy (joules) and --max-cost take.
Constraint ParseObjectiveLimit(const std::string& option, Metric metric, std::string_view text);

/// What --host-memory takes: MB.
Constraint ParseMemoryLimit(const std::string& option, const std::vector<int>& hosts,
                            std::string_view text);

/// A time in seconds above 0.
Seconds ParseDuration(const std::string& option, std::string_view text);

/// A whole number, 1 or more.
int ParseCount(const std::string& option, std::string_view text);

/// An amount in MB, from 0 to 1e12. `option` is what errors begin with.
Bytes ParseMegabytes(const std::string& option, std::string_view text);

}  // namespace scission
