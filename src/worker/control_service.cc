#include "worker/control_service.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <fstream>

#include "base/error.h"
#include "base/sha256.h"
#include "base/text.h"
#include "scission.grpc.pb.h"
#include "worker/benchmark_runner.h"
#include "worker/blob_cache.h"
#include "worker/deadline.h"
#include "worker/probe.h"
#include "worker/request_checks.h"
#include "worker/status.h"
#include "worker/work_folder.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using grpc::ServerContext;

/// Loading a large model on a slow disk takes minutes.
constexpr std::chrono::minutes kLongestCall(10);

void RequireSameProtocol(const ServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(kProtocolKey);
  const std::string spoken =
      found == metadata.end() ? "" : std::string(found->second.data(), found->second.size());
  if (spoken == std::to_string(kControlProtocol)) return;
  const std::string theirs = spoken.empty() ? "no version" : "version " + Printable(spoken, 20);
  throw PreconditionError(
      fmt::format("speaks version {} of the control protocol, the caller {}; "
                  "install the same version of scission on all hosts",
                  kControlProtocol, theirs));
}

/// Unlike /etc/machine-id it is there, and the same, in all containers of a machine.
std::string BootId() {
  std::ifstream stream("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(stream, id);
  return id;
}

/// The number itself is nobody's business.
std::string Anonymous(const std::string& id) {
  Sha256 hash;
  hash.Add("scission " + id);
  return hash.Finish().substr(0, 16);
}

}  // namespace

std::string MachineId() {
  const std::string boot = BootId();
  return boot.empty() ? "" : Anonymous(boot);
}

std::string NetworkId() {
  std::error_code none;
  const auto name_space = std::filesystem::read_symlink("/proc/self/ns/net", none);
  const std::string boot = BootId();
  if (boot.empty() || name_space.empty()) return "";
  return Anonymous(boot + " " + name_space.string());
}

class ControlService::Service : public v1::Worker::Service {
 public:
  Service(ControlServiceOptions options, StageRegistry& stages, const Log& log)
      : options_(std::move(options)),
        stages_(stages),
        log_(log),
        cache_(options_.cache / "blobs", options_.cache_limit),
        work_(options_.cache / "workers"),
        benchmarks_({.host = options_.name,
                     .threads = options_.threads,
                     .folder = options_.cache / "benchmarks",
                     .program = options_.program},
                    cache_) {}

  void StartDraining() { is_draining_ = true; }

  grpc::Status Status(ServerContext* context, const v1::StatusRequest* /*request*/,
                      v1::StatusReply* reply) override {
    return Answer("status", *context, kAlways, [&] {
      reply->set_name(options_.name);
      reply->set_version(options_.version);
      reply->set_machine_id(machine_id_);
      reply->set_network_id(network_id_);
      reply->set_engine(options_.engine);
      reply->set_threads(options_.threads);
      reply->set_memory_limit_bytes(static_cast<std::int64_t>(options_.memory_limit.count));
      reply->set_is_draining(is_draining_);
      reply->set_protocol(kControlProtocol);
      for (v1::StageStatus& stage : stages_.Statuses()) *reply->add_stages() = std::move(stage);
    });
  }

  grpc::Status FindBlob(ServerContext* context, const v1::FindBlobRequest* request,
                        v1::FindBlobReply* reply) override {
    return Answer("find_blob", *context, kAlways, [&] {
      const BlobState state = cache_.Find(request->sha256());
      reply->set_bytes(state.bytes);
      reply->set_is_complete(state.is_complete);
    });
  }

  grpc::Status PushBlob(ServerContext* context, grpc::ServerReader<v1::BlobChunk>* reader,
                        v1::PushBlobReply* reply) override {
    return Answer("push_blob", *context, kUnlessDraining, [&] {
      v1::BlobChunk chunk;
      if (!reader->Read(&chunk)) throw InputError("the upload has no chunk");
      const std::string sha256 = chunk.sha256();
      BlobUpload upload(cache_, {sha256, chunk.total_bytes(), chunk.offset()},
                        [context] { return context->IsCancelled(); });
      do {
        upload.Append(chunk.data());
      } while (reader->Read(&chunk));
      if (context->IsCancelled()) throw CancelledError("the upload broke off");
      upload.Finish();
      const BlobState state = cache_.Find(sha256);
      reply->set_bytes(state.bytes);
      log_.Info("blob", {{"sha256", sha256}, {"bytes", state.bytes}});
    });
  }

  grpc::Status Load(ServerContext* context, const v1::LoadRequest* request,
                    v1::LoadReply* reply) override {
    return Answer("load", *context, kUnlessDraining, [&] {
      const auto start = std::chrono::steady_clock::now();
      Check(*request, options_.channel.security);
      const auto files = request->has_segment() ? Assemble(request->segment()) : nullptr;
      stages_.Load(*request, files, DeadlineOf(*context, kLongestCall));
      const Seconds time = std::chrono::steady_clock::now() - start;
      reply->set_load_ms(ToMilliseconds(time));
      log_.Info("load", {{"stage", request->name()}, {"load_ms", ToMilliseconds(time)}});
    });
  }

  grpc::Status Unload(ServerContext* context, const v1::UnloadRequest* request,
                      v1::UnloadReply* /*reply*/) override {
    return Answer("unload", *context, kAlways, [&] {
      stages_.Unload(request->name(), DeadlineOf(*context, kLongestCall));
      log_.Info("unload", {{"stage", request->name()}});
    });
  }

  grpc::Status Benchmark(ServerContext* context, const v1::BenchmarkRequest* request,
                         grpc::ServerWriter<v1::BenchmarkEvent>* writer) override {
    return Answer("benchmark", *context, kUnlessDraining, [&] {
      const auto result = benchmarks_.Run(
          *request,
          [&](const std::string& line) {
            v1::BenchmarkEvent event;
            event.set_progress(line);
            writer->Write(event);
          },
          [&] { return MustStop(*context); });
      v1::BenchmarkEvent event;
      event.set_profile_json(result.profile_json);
      event.set_is_unstable(result.is_unstable);
      if (writer->Write(event) && !context->IsCancelled()) benchmarks_.Forget(*request);
      log_.Info("benchmark",
                {{"model", request->has_built_in() ? request->built_in() : request->model_name()},
                 {"unstable", result.is_unstable}});
    });
  }

  grpc::Status ProbeLink(ServerContext* context, const v1::ProbeLinkRequest* request,
                         grpc::ServerWriter<v1::ProbeLinkEvent>* writer) override {
    return Answer("probe_link", *context, kUnlessDraining, [&] {
      Check(*request, options_.channel.security, options_.channel.max_message_bytes);
      scission::ProbeLink(
          request->host(), request->address(), options_.channel,
          {request->sizes().begin(), request->sizes().end()}, request->rounds(),
          [&] { return MustStop(*context); },
          [&](std::int64_t bytes, double seconds) {
            v1::ProbeLinkEvent event;
            event.set_bytes(bytes);
            event.set_seconds(seconds);
            writer->Write(event);
          });
      if (MustStop(*context)) throw CancelledError("the measurement of the link was interrupted");
    });
  }

 private:
  enum WhileDraining { kAlways, kUnlessDraining };

  bool MustStop(const ServerContext& context) const {
    return is_draining_ || context.IsCancelled();
  }

  void RequireRunning() const {
    if (is_draining_) throw DrainingError("this worker ends and takes nothing new");
  }

  /// What every call has in common.
  grpc::Status Answer(const char* call, const ServerContext& context, WhileDraining when,
                      const std::function<void()>& work) const {
    grpc::Status status = StatusOf([&] {
      RequireSameProtocol(context);
      if (when == kUnlessDraining) RequireRunning();
      work();
    });
    if (status.error_code() == grpc::StatusCode::CANCELLED && is_draining_) {
      status = StatusOf([this] { RequireRunning(); });
    }
    if (!status.ok()) {
      log_.Warning("refused", {{"call", call},
                               {"code", static_cast<int>(status.error_code())},
                               {"reason", status.error_message()},
                               {"peer", context.peer()}});
    }
    return status;
  }

  /// External data is a copy: what opens models refuses links, which could lead anywhere.
  std::shared_ptr<SegmentFiles> Assemble(const v1::Segment& segment) const {
    const auto folder = std::make_shared<const TemporaryFolder>(work_.path());
    auto files =
        std::make_shared<SegmentFiles>(SegmentFiles{folder->path() / "model.onnx", folder});
    cache_.Place(segment.model_sha256(), files->model, true);
    if (!segment.data_name().empty()) {
      cache_.Place(segment.data_sha256(), folder->path() / segment.data_name(), false);
    }
    return files;
  }

  ControlServiceOptions options_;
  StageRegistry& stages_;
  const Log& log_;
  std::string machine_id_ = MachineId();
  std::string network_id_ = NetworkId();
  BlobCache cache_;
  WorkFolder work_;
  BenchmarkRunner benchmarks_;
  std::atomic<bool> is_draining_ = false;
};

ControlService::ControlService(ControlServiceOptions options, StageRegistry& stages, const Log& log)
    : service_(std::make_unique<Service>(std::move(options), stages, log)) {}

ControlService::~ControlService() = default;

grpc::Service& ControlService::service() { return *service_; }

void ControlService::StartDraining() { service_->StartDraining(); }

}  // namespace scission
