#include "cluster/plan_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "cluster/output_check.h"

namespace scission {
namespace {

/// Requests with each codec before the fastest is chosen.
constexpr int kTrials = 5;
/// Between two looks at a host that may come back.
constexpr std::chrono::milliseconds kPause(200);

std::string StagesText(const Plan& plan) {
  std::vector<std::string> parts;
  for (const Stage& stage : plan.stages) {
    parts.push_back(fmt::format("{} = {} - {}", stage.host, stage.first_layer, stage.last_layer));
  }
  return Join(parts, ", ");
}

bool IsLossy(const std::vector<Codec>& codecs) {
  return std::any_of(codecs.begin(), codecs.end(),
                     [](Codec codec) { return codec == Codec::kFp16 || codec == Codec::kInt8; });
}

/// Codecs of the hops: a stage that runs no segment hands on what it gets, as it is.
std::vector<Codec> CodecsOf(const Pipeline& pipeline, Codec codec) {
  std::vector<Codec> codecs;
  for (std::size_t i = 0; i < pipeline.hop_count(); ++i) {
    codecs.push_back(pipeline.stages[i].kind == StageKind::kSegment ? codec : Codec::kNone);
  }
  return codecs;
}

/// Those that the plan was made with.
std::vector<Codec> PlannedCodecs(const Pipeline& pipeline, const Plan& plan) {
  std::vector<Codec> codecs = CodecsOf(pipeline, Codec::kNone);
  for (std::size_t i = 0; i < codecs.size(); ++i) {
    const std::string& planned = plan.hops[i].codec;
    if (planned.empty() || pipeline.stages[i].kind != StageKind::kSegment) continue;
    codecs[i] = ParseCodec("the plan's hop from " + plan.hops[i].from, planned);
  }
  return codecs;
}

/// One plan on its hosts, until it is done or fails.
class Attempt {
 public:
  Attempt(const RunnablePlans& plans, const Plan& plan, const TensorMap& expected,
          const RunOptions& options, const RunWorld& world)
      : plan_(plan),
        expected_(expected),
        options_(options),
        world_(world),
        deployment_(MakePipeline(plans.model, plan, world.hosts), world.segments, world.workers,
                    options.deploy, world.say) {}

  /// Deploys, chooses codecs, warms up, and sends `count` requests. What ends that early is thrown
  /// or in failure(). Throws HostError, RequestError.
  void Run(std::size_t count) {
    AskWorkers();
    deployment_.Load(options_.codecs.empty()
                         ? PlannedCodecs(deployment_.pipeline(), plan_)
                         : CodecsOf(deployment_.pipeline(), options_.codecs.front()));
    OpenConnections(count);
    ChooseCodecs();
    WarmUp();
    Measure(count);
  }

  const std::vector<RequestRecord>& records() const { return records_; }
  const LoadResult& result() const { return result_; }

  RunReport Report() {
    if (options_.keeps_pipeline) deployment_.Keep();
    RunReport report = Summarize(plan_, deployment_.pipeline(), deployment_.codecs(), records_);
    report.plan = StagesText(plan_);
    report.is_lossy = IsLossy(deployment_.codecs());
    report.notes = notes_;
    report.throughput.predicted = 1 / Bottleneck(plan_).count();
    if (result_.duration.count() > 0) {
      report.throughput.measured =
          static_cast<double>(result_.answered.size()) / result_.duration.count();
    }
    AddMachines(report);
    return report;
  }

 private:
  const PipelineStage& Entry() const { return deployment_.pipeline().stages.front(); }

  /// Soon tells of one that cannot be reached, before any is given work.
  void AskWorkers() const {
    for (const PipelineStage& stage : deployment_.pipeline().stages) {
      const std::string ailment = world_.workers.State(stage.worker, stage.address).ailment;
      if (!ailment.empty()) throw HostError(stage.worker, ailment);
    }
  }

  void OpenConnections(std::size_t count) {
    const Load& load = options_.load;
    const std::size_t clients =
        load.rate ? kMaxOpenConnections : static_cast<std::size_t>(load.concurrency);
    for (std::size_t i = 0; i < std::min(clients, count); ++i) {
      connections_.push_back(world_.connect(Entry()));
    }
  }

  RequestRecord Send(std::size_t client) const {
    RequestRecord record;
    const auto begin = std::chrono::steady_clock::now();
    const InferenceAnswer answer = connections_[client]();
    record.wall = std::chrono::steady_clock::now() - begin;
    record.timings = InOrder(answer.timings, deployment_.pipeline().StageNames());
    const OutputCheck check =
        CheckOutputs(expected_, answer.outputs, IsLossy(deployment_.codecs()));
    record.deviation = check.deviation;
    record.wrong = check.wrong;
    return record;
  }

  /// Median time of each hop with the codecs that are loaded.
  std::vector<Seconds> TryCodecs() const {
    Send(0);  // the first one pays for connecting
    std::vector<std::vector<Seconds>> samples(deployment_.pipeline().hop_count());
    for (int i = 0; i < kTrials; ++i) {
      const RequestRecord record = Send(0);
      if (record.timings.empty()) continue;
      const RequestParts parts = PartsOf(record.timings);
      for (std::size_t hop = 0; hop < samples.size(); ++hop) {
        samples[hop].push_back(parts.hops[hop]);
      }
    }
    std::vector<Seconds> medians;
    for (const auto& of_hop : samples) {
      medians.push_back(of_hop.empty() ? Seconds(0) : SpreadOf(of_hop).median);
    }
    return medians;
  }

  void ChooseCodecs() {
    if (options_.codecs.size() < 2 || deployment_.pipeline().hop_count() == 0) return;
    std::vector<std::vector<Seconds>> times;
    for (const Codec codec : options_.codecs) {
      deployment_.ChangeCodecs(CodecsOf(deployment_.pipeline(), codec));
      times.push_back(TryCodecs());
    }
    std::vector<Codec> fastest = FastestCodecs(options_.codecs, times);
    for (std::size_t hop = 0; hop < fastest.size(); ++hop) {
      const bool packs = deployment_.pipeline().stages[hop].kind == StageKind::kSegment;
      if (packs) NoteChoice(hop, times, fastest[hop]);
      if (!packs) fastest[hop] = Codec::kNone;
    }
    deployment_.ChangeCodecs(fastest);
  }

  void NoteChoice(std::size_t hop, const std::vector<std::vector<Seconds>>& times, Codec chosen) {
    std::vector<std::string> tried;
    for (std::size_t i = 0; i < times.size(); ++i) {
      tried.push_back(
          fmt::format("{} {:.2f} ms", ToText(options_.codecs[i]), ToMilliseconds(times[i][hop])));
    }
    notes_.push_back(fmt::format("{} to {}: {} it is, of {}", plan_.hops[hop].from,
                                 plan_.hops[hop].to, ToText(chosen), Join(tried, ", ")));
  }

  void WarmUp() const {
    for (std::size_t client = 1; client < connections_.size(); ++client) Send(client);
    for (int i = 0; i < options_.warm_ups; ++i) Send(0);
  }

  void Measure(std::size_t count) {
    Load load = options_.load;
    load.requests = count;
    std::vector<RequestRecord> records(count);
    result_ = RunLoad(
        load, [&](std::size_t request, std::size_t client) { records[request] = Send(client); },
        world_.is_interrupted);
    for (const RequestSlot& slot : result_.answered) {
      RequestRecord& record = records[slot.number];
      record.number = slot.number;
      record.begin = slot.due;
      record.wall += slot.begin - slot.due;  // waiting for a free connection
      records_.push_back(std::move(record));
    }
  }

  void AddMachines(RunReport& report) const {
    std::map<std::string, std::vector<std::string>> machines;
    for (const std::string& host : HostsOf(plan_)) {
      const HostFacts* facts = world_.hosts.Find(host);
      if (facts->hosted) continue;  // it has no worker to ask
      const std::string machine = world_.workers.State(host, facts->address).machine_id;
      if (!machine.empty()) machines[machine].push_back(host);
    }
    for (const auto& [machine, hosts] : machines) {
      if (hosts.size() < 2) continue;
      report.notes.push_back(Join(hosts, " and ") +
                             " are on one machine: where they compute at the same time, each takes "
                             "the other's");
    }
  }

  const Plan& plan_;
  const TensorMap& expected_;
  const RunOptions& options_;
  const RunWorld& world_;
  Deployment deployment_;
  std::vector<SendRequest> connections_;
  std::vector<std::string> notes_;
  LoadResult result_;
  std::vector<RequestRecord> records_;
};

/// Why an attempt ended early.
struct Failure {
  std::string host;  ///< empty: not known
  std::string reason;
  /// The host may be well by now: its connection broke, or it has lost its stages.
  bool may_recover = false;
};

Failure ToFailure(const RequestError& error) {
  if (error.kind() == FailureKind::kRefused) throw InputError(error.what());
  const bool may_recover = error.kind() == FailureKind::kUnreachable ||
                           error.kind() == FailureKind::kNotLoaded ||
                           error.kind() == FailureKind::kOther;
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

  std::size_t Left() const { return options_.load.requests - answered_ - rejected_; }
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
    rejected_ += attempt.result().rejected;
    const auto& failure = attempt.result().failure;
    if (failure && !IsInterrupted()) {
      failure_ = ToFailure(*failure);
      CountWrong(attempt.records());
      return std::nullopt;
    }
    return ReportOf(attempt);
  }

  /// Of an attempt that failed: its answers count, its times do not.
  void CountWrong(const std::vector<RequestRecord>& records) {
    for (const RequestRecord& record : records) {
      if (record.wrong && wrong_++ == 0) first_difference_ = *record.wrong;
    }
  }

  RunReport ReportOf(Attempt& attempt) {
    RunReport report;
    if (!attempt.records().empty()) {
      report = attempt.Report();
    } else if (!IsInterrupted()) {
      throw RequestError(FailureKind::kBusy, "", "no request was answered: the queues were full");
    }
    report.model = plans_.model;
    report.requests = answered_;
    report.rejected = rejected_;
    if (wrong_ > 0) report.first_difference = first_difference_;
    report.wrong += wrong_;
    report.losses = losses_;
    return report;
  }

  /// The first of the plan's hosts that does not answer.
  void FindCulprit(const Plan& plan) {
    for (const std::string& host : HostsOf(plan)) {
      const HostFacts* facts = world_.hosts.Find(host);
      if (facts->hosted) continue;  // it has no worker to ask
      const std::string ailment = world_.workers.State(host, facts->address).ailment;
      if (ailment.empty()) continue;
      failure_.host = host;
      failure_.reason = ailment;
      return;
    }
  }

  bool IsWell(const std::string& host) const {
    const HostFacts* facts = world_.hosts.Find(host);
    return facts != nullptr && !facts->hosted &&
           world_.workers.State(host, facts->address).ailment.empty();
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
    const bool may_recover = failure_.may_recover && !recovered_.contains(failure_.host);
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
    return fmt::format("no plan is left that does without {}: {}; {} of {} requests were answered",
                       Join({lost_.begin(), lost_.end()}, ", "), Join(reasons, "; "), answered_,
                       options_.load.requests);
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
