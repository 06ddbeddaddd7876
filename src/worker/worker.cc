#include "worker/worker.h"

#include <fmt/format.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <thread>

#include "base/error.h"
#include "worker/control_service.h"
#include "worker/inference_service.h"
#include "worker/log.h"
#include "worker/metrics.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

/// For answers that are on their way, at least.
constexpr auto kGoodbye = std::chrono::milliseconds(500);

/// Of calls that block: those of the control plane, and questions about models.
constexpr int kMaxThreads = 256;
/// Calls at a time over one connection.
constexpr int kMaxStreams = 256;

StagesOptions StagesOf(const WorkerOptions& options) {
  StagesOptions stages;
  stages.engine = options.engine;
  stages.memory_limit = options.memory_limit;
  stages.queue_limit = options.queue_limit;
  stages.longest_run = options.longest_run;
  stages.channels = options.channels;
  return stages;
}

ControlServiceOptions ControlOf(const WorkerOptions& options) {
  ControlServiceOptions control;
  control.name = options.name;
  control.version = SCISSION_VERSION;
  control.engine = EngineVersion();
  control.threads = ThreadCount(options.engine);
  control.memory_limit = options.memory_limit;
  control.cache = options.cache;
  control.cache_limit = options.cache_limit;
  control.channel = options.channels;
  return control;
}

Outcome OutcomeOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return Outcome::kOk;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::NOT_FOUND:
      return Outcome::kRefused;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return Outcome::kFull;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return Outcome::kTimeout;
    case grpc::StatusCode::CANCELLED:
      return Outcome::kCancelled;
    default:
      return Outcome::kFailed;
  }
}

}  // namespace

struct Worker::State {
  explicit State(const WorkerOptions& options)
      : log(options.name),
        stages(StagesOf(options)),
        metrics([this] { return StageStates(); }),
        inference(
            options.name, stages, options.longest_request,
            [this](const InferCall& call, const grpc::Status& status) { Observe(call, status); }),
        control(ControlOf(options), stages, log) {
    CheckSecurity(options.channels.security);
    RequireSafe("--listen", options.listen, options.channels.security);
    if (!options.metrics.empty()) metrics.Serve(options.metrics);
    Listen(options);
  }

  std::vector<StageState> StageStates() {
    std::vector<StageState> states;
    for (const v1::StageStatus& stage : stages.Statuses()) {
      states.push_back({stage.name(), stage.queued(), stage.restarts()});
    }
    return states;
  }

  void Observe(const InferCall& call, const grpc::Status& status) {
    // Names that nobody serves are not counted one by one.
    StageMetrics& stage = metrics.Of(call.timing.stage.empty() ? "unknown" : call.timing.stage);
    stage.CountRequest(OutcomeOf(status.error_code()), Clock::now() - call.arrival());
    stage.CountReceived(call.timing.received);
    const bool is_last = call.timing.sent.count == 0;
    stage.CountSent(is_last ? call.timing.replied : call.timing.sent);
    if (status.ok()) return;
    log.Warning("request_failed", {{"stage", call.timing.stage},
                                   {"code", static_cast<int>(status.error_code())},
                                   {"error", status.error_message()}});
  }

  void Listen(const WorkerOptions& options) {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    Configure(builder, options.channels.max_message_bytes);
    grpc::ResourceQuota quota("worker");
    quota.SetMaxThreads(kMaxThreads);
    builder.SetResourceQuota(quota);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams);
    int port = 0;
    builder.AddListeningPort(options.listen, ServerCredentialsOf(options.channels.security), &port);
    builder.RegisterService(&inference);
    builder.RegisterService(&control.service());
    server = builder.BuildAndStart();
    if (server == nullptr || port == 0) {
      throw InputError("--listen", options.listen + ": cannot be listened on; is it in use?");
    }
    address = options.listen.substr(0, options.listen.rfind(':')) + ":" + std::to_string(port);
    log.Info("started", {{"address", address}, {"tls", options.channels.security.has_tls()}});
  }

  Log log;
  Stages stages;
  Metrics metrics;
  InferenceService inference;
  ControlService control;
  std::unique_ptr<grpc::Server> server;
  std::string address;
};

Worker::Worker(const WorkerOptions& options) : state_(std::make_unique<State>(options)) {}
Worker::~Worker() = default;

const std::string& Worker::address() const { return state_->address; }

int Worker::Drain(Deadline deadline) {
  State& state = *state_;
  state.log.Info("draining", {{"open", state.inference.open_requests()}});
  state.inference.Drain();
  state.control.StartDraining();
  if (auto* health = state.server->GetHealthCheckService()) health->SetServingStatus(false);
  while (state.inference.open_requests() > 0 && Clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  const int left = state.inference.open_requests();
  state.log.Info("stopped", {{"broken_off", left}});
  // gRPC would wait for a model that hangs.
  if (left > 0) return left;
  // Returns as soon as the answers are sent.
  const auto rest = std::max<Clock::duration>(deadline - Clock::now(), kGoodbye);
  state.server->Shutdown(std::chrono::system_clock::now() +
                         std::chrono::duration_cast<std::chrono::system_clock::duration>(rest));
  state.stages.Close(Clock::now());
  state.server.reset();
  return left;
}

}  // namespace scission
