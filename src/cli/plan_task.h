// From options and measurements to plans: what `predict` and `study` have in common.
#pragma once

#include <string>
#include <vector>

#include "cli/query_options.h"
#include "network/hosts.h"
#include "plan/planner.h"
#include "report/prediction.h"

namespace scission {

/// What is to be planned.
struct PlanTask {
  Problem problem;
  Query query;                       ///< its constraints: the user's, and those of facts
  std::vector<Metric> front;         ///< empty: plans by the query's objective
  std::vector<std::string> options;  ///< the user's, as words
  std::string currency;
  std::string network_file;  ///< for messages
};

/// What --codecs names, without "none", which hops may always use.
std::vector<std::string> ParseCodecs(const QueryOptions& options);

/// The problem as `options` want it: source, the way back of answers or outputs, codecs, and what
/// `facts` tells of the hosts. Throws InputError naming the option.
Problem MakeProblem(const QueryOptions& options, const std::vector<HostProfile>& hosts,
                    const Network& network, const Hosts& facts, std::vector<std::string>& warnings);

/// `query` is the user's; the limits that `facts` has for the hosts are added. Throws InputError
/// where a metric needs figures that no file has.
PlanTask MakeTask(const QueryOptions& options, Problem problem, Query query, const Hosts& facts);

/// Asked while a search goes on: true once --time-limit is over.
Stop StopAfterTimeLimit(const QueryOptions& options);

/// The best plans, or the front, and the second best. Throws NoPlanError saying why there is none.
Prediction FindBest(const PlanTask& task, const Stop& stop);

}  // namespace scission
