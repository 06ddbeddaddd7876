#include "cluster/plan_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "cluster/attempt.h"

namespace scission {
namespace {

/// Between two looks at a host that may come back.
constexpr std::chrono::milliseconds kPause(200);

std::string StagesText(const Plan& plan) {
  std::vector<std::string> parts;
  for (const Stage& stage : plan.stages) {
    parts.push_back(fmt::format("{} = {} - {}", stage.host, stage.first_layer, stage.last_layer));
  }
  return Join(parts, ", ");
}

/// Why an attempt ended early.
struct Failure {
  std::string host;  ///< empty: not known
  std::string reason;
  /// The host may be well by now: its connection broke, or it has lost its stages.
  bool may_recover = false;
};

Failure ToFailure(const RequestError& error) {
  if (error.kind() == FailureKind::kRefused) throw InputError(error.what());
  const bool may_recover =
      error.kind() == FailureKind::kUnreachable || error.kind() == FailureKind::kNotLoaded;
  return {error.host(), error.what(), may_recover};
}

/// The whole run: attempts, one after the other.
class Runner {
 public:
  Runner(const RunnablePlans& plans, const TensorMap& expected, const RunOptions& options,
         const RunWorld& world)
      : plans_(plans), expected_(expected), options_(options), world_(world) {}

  RunReport Run() {
    Plan plan = plans_.plans.front();
    RequireAddresses(plan);
    while (true) {
      if (auto report = Try(plan)) return *report;
      if (IsInterrupted()) return {};
      plan = NextPlan(plan);
    }
  }

 private:
  void RequireAddresses(const Plan& plan) const { MakePipeline(plans_.model, plan, world_.hosts); }

  /// How many requests are left to send. Nothing where time is what counts.
  std::optional<std::size_t> Left() const {
    if (options_.duration) return std::nullopt;
    return options_.load.requests - answered_ - rejected_;
  }
  bool IsInterrupted() const { return world_.is_interrupted && world_.is_interrupted(); }

  std::optional<RunReport> Try(const Plan& plan) {
    Attempt attempt(plans_, plan, expected_, options_, world_);
    try {
      attempt.Run(Left());
    } catch (const HostError& error) {
      failure_ = {error.host(), error.what(), false};
      return std::nullopt;
    } catch (const RequestError& error) {
      failure_ = ToFailure(error);
      return IsInterrupted() ? std::optional(RunReport()) : std::nullopt;
    }
    answered_ += attempt.records().size();
    rejected_ += attempt.rejected();
    const auto& failure = attempt.failure();
    if (failure && !IsInterrupted()) {
      failure_ = ToFailure(*failure);
      CountWrong(attempt.records());
      return std::nullopt;
    }
    return ReportOf(attempt, plan);
  }

  /// Of an attempt that failed: its answers count, its times do not.
  void CountWrong(const std::vector<RequestRecord>& records) {
    for (const RequestRecord& record : records) {
      if (record.wrong && wrong_++ == 0) first_difference_ = *record.wrong;
    }
  }

  RunReport ReportOf(Attempt& attempt, const Plan& plan) {
    RunReport report;
    if (!attempt.records().empty()) {
      report = attempt.Report();
    } else if (!IsInterrupted()) {
      throw RequestError(FailureKind::kBusy, "", "no request was answered: the queues were full");
    }
    report.model = plans_.model;
    report.plan = StagesText(plan);
    report.requests = answered_;
    report.rejected = rejected_;
    if (wrong_ > 0) report.first_difference = first_difference_;
    report.wrong += wrong_;
    report.losses = losses_;
    return report;
  }

  bool IsHosted(const std::string& host) const {
    const HostFacts* facts = world_.hosts.Find(host);
    return facts != nullptr && facts->hosted;
  }

  /// The first of the plan's hosts that does not answer; where all workers do, the first server of
  /// another kind, which has no worker to ask.
  void FindCulprit(const Plan& plan) {
    const std::vector<std::string> hosts = HostsOf(plan);
    for (const std::string& host : hosts) {
      if (IsHosted(host)) continue;
      const std::string ailment =
          world_.workers.State(host, world_.hosts.Find(host)->address).ailment;
      if (ailment.empty()) continue;
      failure_.host = host;
      failure_.reason = ailment;
      return;
    }
    const auto hosted = std::find_if(hosts.begin(), hosts.end(),
                                     [&](const std::string& host) { return IsHosted(host); });
    if (hosted == hosts.end()) return;
    failure_.host = *hosted;
    failure_.reason += fmt::format("; all workers of the plan answer, so it is {}", *hosted);
  }

  bool IsWell(const std::string& host) const {
    const HostFacts* facts = world_.hosts.Find(host);
    return facts != nullptr && world_.workers.State(host, facts->address).ailment.empty();
  }

  bool IsWellSoon(const std::string& host) const {
    const auto end = std::chrono::steady_clock::now() + options_.patience;
    world_.say(fmt::format("{}; waiting for it to come back", failure_.reason));
    while (std::chrono::steady_clock::now() < end && !IsInterrupted()) {
      if (IsWell(host)) return true;
      std::this_thread::sleep_for(kPause);
    }
    return false;
  }

  void Note(const std::string& consequence) {
    losses_.push_back({failure_.host, failure_.reason, answered_, consequence});
    world_.say(fmt::format("{}; {}", failure_.reason, consequence));
  }

  Plan NextPlan(const Plan& plan) {
    const std::vector<std::string> hosts = HostsOf(plan);
    const bool is_known = std::find(hosts.begin(), hosts.end(), failure_.host) != hosts.end();
    if (!is_known) {
      failure_.host.clear();  // a worker of another name
      FindCulprit(plan);
    }
    if (failure_.host.empty()) {
      throw RequestError(
          FailureKind::kTimeout, "",
          failure_.reason + "; all hosts of the plan answer when asked how they are");
    }
    const bool may_recover = failure_.may_recover && !recovered_.contains(failure_.host) &&
                             !IsHosted(failure_.host);  // nobody can tell whether that is well
    if (may_recover && IsWell(failure_.host)) return Recovered(plan);
    lost_.insert(failure_.host);
    if (const Plan* next = FirstWithout(plans_.plans, lost_, world_.hosts)) {
      Note(fmt::format("going on without {}: {}", failure_.host, StagesText(*next)));
      return *next;
    }
    if (plans_.plan_anew) {
      if (const auto next = plans_.plan_anew(lost_); next && IsUsable(*next)) {
        Note(fmt::format("planned anew without {}: {}", failure_.host, StagesText(*next)));
        return *next;
      }
    }
    if (may_recover && IsWellSoon(failure_.host)) return Recovered(plan);
    Note("no plan is left");
    throw NoPlanError(Reasons());
  }

  Plan Recovered(const Plan& plan) {
    lost_.erase(failure_.host);
    recovered_.insert(failure_.host);
    Note(failure_.host + " answers again, and gets its stages once more");
    return plan;
  }

  bool IsUsable(const Plan& plan) const {
    return FirstWithout({plan}, lost_, world_.hosts) != nullptr;
  }

  std::string Reasons() const {
    std::vector<std::string> reasons;
    for (const HostLoss& loss : losses_) reasons.push_back(loss.reason);
    const std::string of_all =
        options_.duration ? "" : fmt::format(" of {}", options_.load.requests);
    return fmt::format("no plan is left that does without {}: {}; {}{} requests were answered",
                       Join({lost_.begin(), lost_.end()}, ", "), Join(reasons, "; "), answered_,
                       of_all);
  }

  const RunnablePlans& plans_;
  const TensorMap& expected_;
  const RunOptions& options_;
  const RunWorld& world_;
  std::size_t answered_ = 0;
  std::size_t rejected_ = 0;
  std::size_t wrong_ = 0;
  std::string first_difference_;
  Failure failure_;
  std::set<std::string> lost_;
  std::set<std::string> recovered_;
  std::vector<HostLoss> losses_;
};

}  // namespace

RunReport RunPlans(const RunnablePlans& plans, const TensorMap& expected, const RunOptions& options,
                   const RunWorld& world) {
  return Runner(plans, expected, options, world).Run();
}

const Plan* FirstWithout(const std::vector<Plan>& plans, const std::set<std::string>& without,
                         const Hosts& hosts) {
  const auto is_usable = [&](const std::string& host) {
    const HostFacts* facts = hosts.Find(host);
    return facts != nullptr && !facts->address.empty() && !without.contains(host);
  };
  for (const Plan& plan : plans) {
    const std::vector<std::string> used = HostsOf(plan);
    if (std::all_of(used.begin(), used.end(), is_usable)) return &plan;
  }
  return nullptr;
}

}  // namespace scission
