#include "worker/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <map>
#include <mutex>

#include "base/address.h"
#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

constexpr std::size_t kMaxStages = 1000;
constexpr std::array kOutcomes = {"ok", "refused", "full", "timeout", "cancelled", "failed"};

/// Seconds; from a light segment to a slow device.
prometheus::Histogram::BucketBoundaries Boundaries() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
}

struct Families {
  explicit Families(prometheus::Registry& registry)
      : requests(prometheus::BuildCounter()
                     .Name("scission_requests_total")
                     .Help("Requests by stage and outcome")
                     .Register(registry)),
        latency(prometheus::BuildHistogram()
                    .Name("scission_request_seconds")
                    .Help("Time from a request to its answer, of those that went well")
                    .Register(registry)),
        received(prometheus::BuildCounter()
                     .Name("scission_received_bytes_total")
                     .Help("Bytes of tensors in requests")
                     .Register(registry)),
        sent(prometheus::BuildCounter()
                 .Name("scission_sent_bytes_total")
                 .Help("Bytes of tensors sent to the next stage, or answered by the last one")
                 .Register(registry)),
        queue(prometheus::BuildGauge()
                  .Name("scission_queue_length")
                  .Help("Requests that wait")
                  .Register(registry)),
        restarts(prometheus::BuildCounter()
                     .Name("scission_process_restarts_total")
                     .Help("How often the process of a stage was started again")
                     .Register(registry)) {}

  prometheus::Family<prometheus::Counter>& requests;
  prometheus::Family<prometheus::Histogram>& latency;
  prometheus::Family<prometheus::Counter>& received;
  prometheus::Family<prometheus::Counter>& sent;
  prometheus::Family<prometheus::Gauge>& queue;
  prometheus::Family<prometheus::Counter>& restarts;
};

class Stage : public StageMetrics {
 public:
  Stage(Families& families, const std::string& name)
      : latency_(families.latency.Add({{"stage", name}}, Boundaries())),
        received_(families.received.Add({{"stage", name}})),
        sent_(families.sent.Add({{"stage", name}})),
        queue_(families.queue.Add({{"stage", name}})),
        restarts_(families.restarts.Add({{"stage", name}})) {
    for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
      requests_.at(i) = &families.requests.Add({{"stage", name}, {"outcome", kOutcomes.at(i)}});
    }
  }

  void CountRequest(Outcome outcome, Seconds latency) override {
    requests_.at(static_cast<std::size_t>(outcome))->Increment();
    if (outcome == Outcome::kOk) latency_.Observe(latency.count());
  }
  void CountReceived(Bytes bytes) override { received_.Increment(bytes.count); }
  void CountSent(Bytes bytes) override { sent_.Increment(bytes.count); }

  void SetQueueLength(int requests) { queue_.Set(requests); }
  /// Since the stage was loaded, which may have been anew since the last time.
  void SetRestarts(int restarts) {
    restarts_.Increment(restarts >= last_restarts_ ? restarts - last_restarts_ : restarts);
    last_restarts_ = restarts;
  }

 private:
  std::array<prometheus::Counter*, kOutcomes.size()> requests_{};
  prometheus::Histogram& latency_;
  prometheus::Counter& received_;
  prometheus::Counter& sent_;
  prometheus::Gauge& queue_;
  prometheus::Counter& restarts_;
  int last_restarts_ = 0;
};

/// All that is counted, brought up to date when it is asked for.
class Counts : public prometheus::Collectable {
 public:
  explicit Counts(std::function<std::vector<StageState>()> states) : states_(std::move(states)) {}

  Stage& Of(const std::string& stage) {
    const std::lock_guard lock(mutex_);
    return Find(stage);
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    if (states_) Update(states_());
    return registry_.Collect();
  }

 private:
  Stage& Find(const std::string& stage) const {
    const std::string name = Printable(stage, 200);
    const bool is_known = stages_.contains(name);
    const std::string key = is_known || stages_.size() < kMaxStages ? name : "other";
    return stages_.try_emplace(key, families_, key).first->second;
  }

  void Update(const std::vector<StageState>& states) const {
    const std::lock_guard lock(mutex_);
    for (auto& [name, stage] : stages_) stage.SetQueueLength(0);
    for (const StageState& state : states) {
      Stage& stage = Find(state.stage);
      stage.SetQueueLength(state.queued);
      stage.SetRestarts(state.restarts);
    }
  }

  std::function<std::vector<StageState>()> states_;
  // To collect is const for the library.
  mutable std::mutex mutex_;
  mutable prometheus::Registry registry_;
  mutable Families families_{registry_};
  mutable std::map<std::string, Stage> stages_;
};

}  // namespace

struct Metrics::State {
  std::shared_ptr<Counts> counts;
  std::unique_ptr<prometheus::Exposer> exposer;
};

Metrics::Metrics(std::function<std::vector<StageState>()> states)
    : state_(new State{std::make_shared<Counts>(std::move(states)), nullptr}) {}
Metrics::~Metrics() = default;

int Metrics::Serve(const std::string& address) {
  const std::string shown = Printable(address, 100);
  if (!ParseAddress(address)) throw InputError("--metrics", "'" + shown + "' is not HOST:PORT");
  try {
    state_->exposer = std::make_unique<prometheus::Exposer>(address, 1);
  } catch (const std::exception&) {  // the library's says nothing about the reason
    throw InputError("--metrics", "cannot listen at " + shown + "; is the port in use?");
  }
  state_->exposer->RegisterCollectable(state_->counts);
  return state_->exposer->GetListeningPorts().front();
}

StageMetrics& Metrics::Of(const std::string& stage) { return state_->counts->Of(stage); }

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(state_->counts->Collect());
}

}  // namespace scission
