// The options of `predict` and `study` that say which plans are wanted, and the query that they
// make.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "plan/query.h"

namespace scission {

class OptionSet;

/// What stands behind --TIER, --TIER-upload and --TIER-time; empty where not given.
struct TierOptions {
  std::string criteria;
  std::string upload;
  std::string time;
};

struct QueryOptions {
  std::string result_count = "5";
  std::string input;
  std::string source;
  std::string objective = Objective().text();
  std::string pareto;      ///< empty: no front
  std::string hosts_file;  ///< empty: none
  std::string time_limit = "60";
  bool returns_output = false;
  bool counts_replies = false;
  std::string codecs;  ///< "fp16,zstd"; empty: nothing is packed
  bool may_revisit = false;
  bool is_classic = false;                    ///< plans as the original tool's
  std::array<TierOptions, kTierCount> tiers;  ///< as kTiers
  // By the option's name, "--max-hosts"; the tables in query_options.cc have them all.
  std::map<std::string, std::vector<std::string>> of_hosts;  ///< may be given several times
  std::map<std::string, std::string> of_plans;               ///< empty where not given
};

/// Explains the criteria, limits and times; for the end of the help text.
extern const char* const kQueryHelp;

/// Adds the options to `set`, which fills `options` when it parses.
void AddQueryOptions(OptionSet& set, QueryOptions& options);
/// Those that `predict` has besides: --pareto, --hosts, --return-output, --replies and --classic.
void AddPredictOptions(OptionSet& set, QueryOptions& options);

/// The options that are not at their defaults, a word each, for a file of plans; those that do not
/// change which plan is the best are left out (--hosts, --result-count).
std::vector<std::string> ToWords(const QueryOptions& options);

/// What ToWords wrote. Throws InputError naming `file`, where the words stand, and the word.
QueryOptions FromWords(const std::string& file, const std::vector<std::string>& words);

/// The size of the input that the source sends where it runs nothing: the option's, else the
/// profiles', else the original tool's. Throws InputError naming the option.
Bytes InputSize(const QueryOptions& options, const std::vector<HostProfile>& hosts);

/// What the options ask for. Throws InputError naming the option.
Query MakeQuery(const QueryOptions& options, const Problem& problem);

}  // namespace scission
