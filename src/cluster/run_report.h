// What a run of a plan measured, beside what was predicted. Plain data and pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cluster/pipeline.h"
#include "codec/codec.h"
#include "wire/stage_timing.h"

namespace scission {

/// One answered request.
struct RequestRecord {
  std::size_t number = 0;            ///< of the run, from 0
  Seconds wall{0};                   ///< from when it was due until its answer was here
  std::vector<StageTiming> timings;  ///< in the order of the stages; empty where they are not known
  double deviation = 0;              ///< engine/compare.h LargestDeviation, over all outputs
  std::optional<std::string> wrong;  ///< what differs beyond rounding
};

/// A request in parts that add up to `total`.
struct RequestParts {
  std::vector<Seconds> compute;  ///< of each stage: the engine alone
  std::vector<Seconds> queue;    ///< of each stage
  /// Of each hop, all that a stage's boundary costs, there and back: packing, sending, unpacking
  /// and starting the next stage, and its answer's way back. Waiting and computing there is not
  /// part of it.
  std::vector<Seconds> hops;
  /// All else: at the first stage, taking the request and unpacking its input; as the caller sees
  /// it, sending it there and getting its answer besides.
  Seconds entry{0};
  Seconds total{0};
};

/// `timings`: in the order of the stages, at least one. `total`: of which the entry is what the
/// stages do not tell; from the request being at the first stage to its answer being there, that is
/// what the first one tells.
RequestParts PartsOf(const std::vector<StageTiming>& timings, Seconds total);

struct Spread {
  Seconds median{0};
  Seconds p90{0};
  Seconds p99{0};
};
/// `times` must not be empty.
Spread SpreadOf(const std::vector<Seconds>& times);

struct StageReport {
  PipelineStage stage;
  std::optional<Seconds> predicted;  ///< none of a relay
  Seconds startup{0};                ///< of that: because the host was idle before
  /// What the engine takes here and now where nothing else runs, as benchmarks measure it: median.
  /// Apart from `predicted`, the machine's pace has changed, or the prediction is wrong; apart from
  /// `compute`, it is what the pipeline does to it.
  std::optional<Seconds> alone;
  Spread compute;
  Spread queue;
};

struct HopReport {
  std::string from;
  std::string to;
  Codec codec = Codec::kNone;
  Seconds predicted{0};
  Spread time;
  Bytes planned;                       ///< that the plan has cross on the way there
  std::optional<Bytes> planned_reply;  ///< and back; nothing where it leaves answers out
  // On the wire, of the median request, headers not counted.
  Bytes sent;
  Bytes reply;
};

struct Throughput {
  double measured = 0;   ///< answers a second
  double predicted = 0;  ///< of the plan's bottleneck: the most there can be
};

/// A host that was given up, or started anew.
struct HostLoss {
  std::string host;  ///< empty where nobody knows which it was
  std::string reason;
  std::size_t completed = 0;  ///< requests that were answered before
  std::string consequence;    ///< "going on with plan 2"
};

struct RunReport {
  std::string model;
  std::string plan;  ///< its stages as text
  std::vector<StageReport> stages;
  std::vector<HopReport> hops;
  /// The caller is on the source's machine, and what handing over the input takes was predicted: so
  /// end to end is what the caller sees. Else it begins and ends at the first stage.
  bool is_from_caller = false;
  std::optional<Seconds> predicted_entry;
  Spread entry;
  Seconds predicted{0};                  ///< end to end
  std::optional<Seconds> predicted_now;  ///< the same with what the stages take alone now
  Spread total;                          ///< end to end
  Spread wall;                           ///< as the caller sees it
  Throughput throughput;
  std::size_t requests = 0;  ///< answered, those with other plans before a loss included
  std::size_t rejected = 0;  ///< as the queues were full
  std::size_t wrong = 0;     ///< with another output than the unsplit model's
  std::string first_difference;
  double deviation = 0;   ///< the largest, as a part of the largest output
  bool is_lossy = false;  ///< a codec was used that changes values
  std::vector<HostLoss> losses;
  std::vector<std::string> notes;
  std::vector<StageTiming> typical;  ///< of the request with the median total, for the picture
};

/// `timings` in the order of `stages` (names); empty where one is missing or stands twice.
std::vector<StageTiming> InOrder(const std::vector<StageTiming>& timings,
                                 const std::vector<std::string>& stages);

/// What the figures of `records` say, which come from `pipeline`; at least one of them has timings.
/// `is_caller_at_source`: on one machine. Fills stages, hops, entry, total, wall, predicted,
/// typical, deviation and wrong.
RunReport Summarize(const Plan& plan, const Pipeline& pipeline, const std::vector<Codec>& codecs,
                    const std::vector<RequestRecord>& records, bool is_caller_at_source);

/// Adds what stages take alone, from `requests` that were computed twice, and says so where that is
/// not what was predicted.
void AddAlone(const std::vector<RequestRecord>& requests, RunReport& report);

/// For each hop the codec of `codecs` with the least time in `times` ([codec][hop]); a codec takes
/// the place of one before it only where it saves 3 % or more: less is noise.
std::vector<Codec> FastestCodecs(const std::vector<Codec>& codecs,
                                 const std::vector<std::vector<Seconds>>& times);

}  // namespace scission
