#include "cli/plan_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "codec/codec.h"
#include "plan/codecs.h"
#include "plan/conflict.h"
#include "plan/facts.h"
#include "plan/pareto.h"
#include "plan/replies.h"

namespace scission {
namespace {

/// Of a Pareto front.
constexpr std::size_t kMaxFront = 1000;

void CountReplies(Problem& problem, std::vector<std::string>& warnings) {
  for (const auto& [from, to] : scission::CountReplies(problem)) {
    warnings.push_back(
        fmt::format("there is no link from {1} to {0}, on which answers return: that from {0} to "
                    "{1} is not used",
                    problem.host(from).name, problem.host(to).name));
  }
}

void KeepClassic(Problem& problem) {
  if (problem.host(problem.sources[0]).tier != kTiers[0]) {
    throw InputError("--classic", "needs a source of the tier device");
  }
  KeepTierOrder(problem);
}

void RequireFacts(const PlanTask& task) {
  for (const Objective::Term& term : task.query.objective.terms) {
    RequireFacts(task.problem, term.metric, "--objective");
  }
  for (const Metric metric : task.front) RequireFacts(task.problem, metric, "--pareto");
  for (const Constraint& constraint : task.query.constraints) {
    const auto* limit = std::get_if<ObjectiveLimit>(&constraint.rule);
    if (limit == nullptr) continue;
    RequireFacts(task.problem, *limit->objective.single(), constraint.option);
  }
}

/// The plans, and the second best.
void Search(const PlanTask& task, const Stop& stop, Prediction& prediction) {
  if (!task.front.empty()) {
    prediction.front = task.front;
    Front front = ParetoFront(task.problem, task.query, task.front, kMaxFront, stop);
    prediction.is_front_complete = front.is_complete;
    prediction.plans = std::move(front.plans);
    return;
  }
  Query query = task.query;
  query.result_count = std::max<std::size_t>(query.result_count, 2);
  Plans plans = FindPlans(task.problem, query, stop);
  prediction.bound = plans.bound;
  prediction.plans = std::move(plans.plans);
  if (prediction.plans.size() > 1) prediction.second = prediction.plans[1];
  prediction.plans.resize(std::min(prediction.plans.size(), task.query.result_count));
}

}  // namespace

std::vector<std::string> ParseCodecs(const QueryOptions& options) {
  std::vector<std::string> codecs;
  if (options.codecs.empty()) return codecs;
  for (const std::string& word : Split(options.codecs, ',')) {
    const Codec codec = ParseCodec("--codecs", word);
    const bool is_new = std::find(codecs.begin(), codecs.end(), ToText(codec)) == codecs.end();
    if (codec != Codec::kNone && is_new) codecs.push_back(ToText(codec));
  }
  return codecs;
}

Problem MakeProblem(const QueryOptions& options, const std::vector<HostProfile>& hosts,
                    const Network& network, const Hosts& facts,
                    std::vector<std::string>& warnings) {
  Problem problem = MakeProblem(hosts, network, InputSize(options, hosts));
  problem.returns_output = options.returns_output;
  problem.may_revisit = options.may_revisit;
  SelectSource(problem, options.source);
  if (options.counts_replies) CountReplies(problem, warnings);
  if (!options.codecs.empty()) AllowCodecs("--codecs", hosts, ParseCodecs(options), problem);
  AddFacts(facts, problem);
  if (options.is_classic) KeepClassic(problem);
  return problem;
}

PlanTask MakeTask(const QueryOptions& options, Problem problem, Query query, const Hosts& facts) {
  PlanTask task{std::move(problem), std::move(query), {}, ToWords(options), facts.currency, {}};
  if (!options.pareto.empty()) task.front = ParseMetrics("--pareto", options.pareto);
  std::vector<Constraint>& constraints = task.query.constraints;
  for (const auto& limits :
       {MemoryLimits(facts, task.problem), HostedLimits(facts, task.problem)}) {
    std::copy(limits.begin(), limits.end(), std::back_inserter(constraints));
  }
  RequireFacts(task);
  return task;
}

Stop StopAfterTimeLimit(const QueryOptions& options) {
  const auto end =
      std::chrono::steady_clock::now() + ParseDuration("--time-limit", options.time_limit);
  return [end] { return std::chrono::steady_clock::now() > end; };
}

Prediction FindBest(const PlanTask& task, const Stop& stop) {
  Prediction prediction;
  prediction.model = task.problem.model;
  prediction.model_hash = task.problem.model_hash;
  prediction.currency = task.currency;
  prediction.objective = task.query.objective;
  prediction.options = task.options;
  prediction.counts_replies = task.problem.counts_replies();
  Search(task, stop, prediction);
  if (!prediction.plans.empty()) return prediction;
  if (prediction.bound || !prediction.is_front_complete) {
    throw NoPlanError("no plan was found within --time-limit; whether there is one is not known");
  }
  throw NoPlanError(ExplainNoPlan(task.problem, task.query, task.network_file, stop));
}

}  // namespace scission
