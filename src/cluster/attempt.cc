#include "cluster/attempt.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "base/text.h"
#include "cluster/output_check.h"

namespace scission {
namespace {

/// Requests with each codec before the fastest is chosen.
constexpr int kTrials = 5;

// Of a run that goes by time.
constexpr double kMostRequests = 1e6;
constexpr Seconds kLeastWall{1e-6};

bool IsLossy(const std::vector<Codec>& codecs) {
  return std::any_of(codecs.begin(), codecs.end(),
                     [](Codec codec) { return codec == Codec::kFp16 || codec == Codec::kInt8; });
}

/// Whether something is packed for this hop: only between segments. A stage of another kind hands
/// on what it gets as it is, and none lies between a worker and what it asks a server of another
/// kind.
bool Packs(const Pipeline& pipeline, std::size_t hop) {
  return pipeline.stages[hop].kind == StageKind::kSegment &&
         pipeline.stages[hop + 1].kind == StageKind::kSegment;
}

std::vector<Codec> CodecsOf(const Pipeline& pipeline, Codec codec) {
  std::vector<Codec> codecs;
  for (std::size_t hop = 0; hop < pipeline.hop_count(); ++hop) {
    codecs.push_back(Packs(pipeline, hop) ? codec : Codec::kNone);
  }
  return codecs;
}

/// Those that the plan was made with.
std::vector<Codec> PlannedCodecs(const Pipeline& pipeline, const Plan& plan) {
  std::vector<Codec> codecs = CodecsOf(pipeline, Codec::kNone);
  for (std::size_t hop = 0; hop < codecs.size(); ++hop) {
    const std::string& planned = plan.hops[hop].codec;
    if (planned.empty() || !Packs(pipeline, hop)) continue;
    codecs[hop] = ParseCodec("the plan's hop from " + plan.hops[hop].from, planned);
  }
  return codecs;
}

}  // namespace

Attempt::Attempt(const RunnablePlans& plans, const Plan& plan, const TensorMap& expected,
                 const RunOptions& options, const RunWorld& world)
    : plan_(plan),
      expected_(expected),
      options_(options),
      world_(world),
      deployment_(MakePipeline(plans.model, plan, world.hosts), world.segments, world.workers,
                  options.deploy, world.say) {}

void Attempt::Run(std::optional<std::size_t> count) {
  AskWorkers();
  deployment_.Load(options_.codecs.empty()
                       ? PlannedCodecs(deployment_.pipeline(), plan_)
                       : CodecsOf(deployment_.pipeline(), options_.codecs.front()));
  if (!count && options_.load.rate) count = CountFor({});
  OpenConnections(count.value_or(std::numeric_limits<std::size_t>::max()));
  ChooseCodecs();
  const Seconds wall = WarmUp();
  if (!count) count = CountFor(wall);
  if (HasOneClient()) {
    MeasureInTurns(*count);
  } else {
    Measure(*count);
  }
}

/// How many requests take options_.duration. `wall`: of one; not looked at in an open loop. As many
/// as a closed loop has clients are under way, but no more than there are stages.
std::size_t Attempt::CountFor(Seconds wall) const {
  const std::size_t under_way =
      std::min(deployment_.pipeline().stages.size(), ClientCount(options_.load));
  const double rate = options_.load.rate.value_or(static_cast<double>(under_way) /
                                                  std::max(wall, kLeastWall).count());
  const double count = std::min(options_.duration->count() * rate, kMostRequests);
  return std::max(static_cast<std::size_t>(count), kLeastRequests);
}

RunReport Attempt::Report() {
  const bool has_timings =
      std::any_of(records_.begin(), records_.end(),
                  [](const RequestRecord& record) { return !record.timings.empty(); });
  if (!has_timings) {
    throw RequestError(FailureKind::kOther, "", "no answer tells how long its stages took");
  }
  if (options_.keeps_pipeline) deployment_.Keep();
  RunReport report =
      Summarize(plan_, deployment_.pipeline(), deployment_.codecs(), records_, IsCallerAtSource());
  report.is_lossy = IsLossy(deployment_.codecs());
  report.notes = notes_;
  AddAlone(alone_, report);
  for (const auto& [reason, count] : repeats_) {
    report.notes.push_back(fmt::format("{}; {} request{} sent once more", reason, count,
                                       count == 1 ? " was" : "s were"));
  }
  report.throughput.predicted = 1 / Bottleneck(plan_).count();
  if (duration_.count() > 0) {
    report.throughput.measured = static_cast<double>(records_.size()) / duration_.count();
  }
  AddMachines(report);
  return report;
}

/// Soon tells of one that cannot be reached, before any is given work.
void Attempt::AskWorkers() const {
  for (const PipelineStage& stage : deployment_.pipeline().stages) {
    const std::string ailment = world_.workers.State(stage.worker, stage.address).ailment;
    if (!ailment.empty()) throw HostError(stage.worker, ailment);
  }
}

void Attempt::OpenConnections(std::size_t count) {
  Load load = options_.load;
  load.requests = count;
  for (std::size_t i = 0; i < ClientCount(load); ++i) {
    connections_.push_back(world_.connect(Entry()));
  }
}

InferenceAnswer Attempt::Answer(std::size_t client, Computes computes) {
  try {
    return connections_[client](computes);
  } catch (const RequestError& error) {
    if (error.kind() != FailureKind::kOther) throw;
    const std::lock_guard lock(mutex_);
    if (repeats_[error.what()]++ == 0) {
      world_.say(fmt::format("{}; the request is sent once more", error.what()));
    }
  }
  return connections_[client](computes);
}

RequestRecord Attempt::Send(std::size_t client, Computes computes) {
  RequestRecord record;
  const auto begin = std::chrono::steady_clock::now();
  const InferenceAnswer answer = Answer(client, computes);
  record.wall = std::chrono::steady_clock::now() - begin;
  record.timings = InOrder(answer.timings, deployment_.pipeline().StageNames());
  const OutputCheck check = CheckOutputs(expected_, answer.outputs, IsLossy(deployment_.codecs()));
  record.deviation = check.deviation;
  record.wrong = check.wrong;
  return record;
}

std::vector<Seconds> Attempt::TryCodecs() {
  Send(0);  // the first one pays for connecting
  std::vector<std::vector<Seconds>> samples(deployment_.pipeline().hop_count());
  for (int i = 0; i < kTrials; ++i) {
    const RequestRecord record = Send(0);
    if (record.timings.empty()) continue;
    const RequestParts parts = PartsOf(record.timings, record.wall);
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

void Attempt::ChooseCodecs() {
  if (options_.codecs.size() < 2 || deployment_.pipeline().hop_count() == 0) return;
  std::vector<std::vector<Seconds>> times;
  for (const Codec codec : options_.codecs) {
    deployment_.ChangeCodecs(CodecsOf(deployment_.pipeline(), codec));
    times.push_back(TryCodecs());
  }
  std::vector<Codec> fastest = FastestCodecs(options_.codecs, times);
  for (std::size_t hop = 0; hop < fastest.size(); ++hop) {
    if (Packs(deployment_.pipeline(), hop)) {
      NoteChoice(hop, times, fastest[hop]);
    } else {
      fastest[hop] = Codec::kNone;
    }
  }
  deployment_.ChangeCodecs(fastest);
}

void Attempt::NoteChoice(std::size_t hop, const std::vector<std::vector<Seconds>>& times,
                         Codec chosen) {
  std::vector<std::string> tried;
  for (std::size_t i = 0; i < times.size(); ++i) {
    tried.push_back(
        fmt::format("{} {:.2f} ms", ToText(options_.codecs[i]), ToMilliseconds(times[i][hop])));
  }
  notes_.push_back(fmt::format("{} to {}: {} it is, of {}", plan_.hops[hop].from,
                               plan_.hops[hop].to, ToText(chosen), Join(tried, ", ")));
}

/// Returns what the fastest of these requests took: the first ones pay for connecting.
Seconds Attempt::WarmUp() {
  for (std::size_t client = 1; client < connections_.size(); ++client) Send(client);
  Seconds fastest = Seconds::max();
  for (int i = 0; i < options_.warm_ups; ++i) fastest = std::min(fastest, Send(0).wall);
  return fastest;
}

void Attempt::SendLone(int count) {
  for (int i = 0; i < count; ++i) {
    try {
      alone_.push_back(Send(0, Computes::kTwice));
    } catch (const RequestError& error) {
      if (error.kind() != FailureKind::kBusy) throw;  // a full queue costs this one alone
    }
  }
}

bool Attempt::IsOver() const {
  return failure_ || (world_.is_interrupted && world_.is_interrupted());
}

void Attempt::Measure(std::size_t count) {
  const int before = options_.lone_requests / 2;
  SendLone(before);
  MeasurePart(0, count);
  if (IsOver()) return;
  try {
    SendLone(options_.lone_requests - before);
  } catch (const RequestError&) {  // all that was asked for is done
  }
}

void Attempt::MeasureInTurns(std::size_t count) {
  const auto lone = static_cast<std::size_t>(options_.lone_requests);
  const auto turns =
      std::clamp(lone, std::max(count / 10, std::size_t{1}), std::max(count, std::size_t{1}));
  for (std::size_t turn = 0; turn < turns && !IsOver(); ++turn) {
    try {
      SendLone(std::min(options_.lone_requests, 1));
    } catch (const RequestError& error) {
      failure_ = error;
      return;
    }
    MeasurePart(count * turn / turns, count * (turn + 1) / turns);
  }
}

/// The requests of these numbers, without `last`.
void Attempt::MeasurePart(std::size_t first, std::size_t last) {
  Load load = options_.load;
  load.requests = last - first;
  std::vector<RequestRecord> records(load.requests);
  LoadResult part = RunLoad(
      load, [&](std::size_t request, std::size_t client) { records[request] = Send(client); },
      world_.is_interrupted);
  for (const RequestSlot& slot : part.answered) {
    RequestRecord& record = records[slot.number];
    record.number = first + slot.number;
    record.wall += slot.begin - slot.due;  // waiting for a free connection
    records_.push_back(std::move(record));
  }
  duration_ += part.duration;
  rejected_ += part.rejected;
  failure_ = std::move(part.failure);
}

bool Attempt::IsCallerAtSource() const {
  const PipelineStage& entry = deployment_.pipeline().stages.front();
  return !world_.network_id.empty() &&
         world_.workers.State(entry.worker, entry.address).network_id == world_.network_id;
}

void Attempt::AddMachines(RunReport& report) const {
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

}  // namespace scission
