#include "worker/stages.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "image/preprocessing.h"
#include "wire/message_memory.h"
#include "worker/remote_stage.h"
#include "worker/status.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Seconds kProbeStart{20};

/// The engine keeps the weights in a layout of its own, and for a while both.
constexpr std::int64_t kMemoryPerWeightByte = 2;

std::int64_t SizeOfFiles(const SegmentFiles& files) {
  std::int64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(files.model.parent_path())) {
    if (entry.is_regular_file()) bytes += static_cast<std::int64_t>(entry.file_size());
  }
  return bytes;
}

Deadline In(Seconds time) {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(time);
}

[[noreturn]] void FailUnknown(const std::string& name) {
  throw NotFoundError(fmt::format("there is no model '{}' here", Printable(name, 100)));
}

}  // namespace

Handover Stages::MakeHandover(const v1::LoadRequest& request) const {
  Handover handover;
  handover.selected.assign(request.outputs().begin(), request.outputs().end());
  if (!request.has_next()) return handover;
  const v1::Next& next = request.next();
  const std::string place = "stage '" + Printable(request.name(), 100) + "'";
  const Codec codec = next.codec().empty() ? Codec::kNone : ParseCodec(place, next.codec());
  handover.next = std::make_shared<NextStage>(
      NextAddress{next.host(), next.address(), next.model(), codec}, options_.channels);
  return handover;
}

std::shared_ptr<ServedStage> Stages::MakeSegment(const v1::LoadRequest& request,
                                                 const std::shared_ptr<SegmentFiles>& files,
                                                 Handover handover, Deadline deadline) const {
  const v1::Segment& segment = request.segment();
  SegmentStageOptions stage;
  stage.name = request.name();
  stage.process.model = files->model;
  stage.process.engine = options_.engine;
  if (segment.threads() > 0) stage.process.engine.threads = segment.threads();
  if (!segment.provider().empty()) {
    stage.process.engine.provider = ParseProvider(segment.provider());
  }
  stage.process.preprocessing = segment.preprocessing();
  stage.process.memory_limit = options_.memory_limit;
  stage.queue_limit = request.queue_limit() > 0 ? request.queue_limit() : options_.queue_limit;
  stage.longest_run = options_.longest_run;
  return std::make_shared<SegmentStage>(std::move(stage), std::move(handover), files, deadline);
}

std::shared_ptr<const void> Stages::Reserve(const std::string& name, std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  auto all = static_cast<double>(reserved_bytes_ + bytes);
  for (const auto& [other, served] : stages_) {
    if (other != name) all += static_cast<double>(served.needs_bytes);
  }
  if (options_.memory_limit.count <= 0 || all <= options_.memory_limit.count) {
    reserved_bytes_ += bytes;
    return {this, [this, bytes](const void*) {
              const std::lock_guard releasing(mutex_);
              reserved_bytes_ -= bytes;
            }};
  }
  throw ExhaustedError(fmt::format(
      "stage '{}' needs about {:.0f} MB, with the other stages {:.0f} MB; the limit is {:.0f} MB",
      Printable(name, 100), ToMegabytes(Bytes{static_cast<double>(bytes)}), ToMegabytes(Bytes{all}),
      ToMegabytes(options_.memory_limit)));
}

Stages::Served Stages::MakeStage(const v1::LoadRequest& request,
                                 const std::shared_ptr<SegmentFiles>& files, Deadline deadline) {
  Served served;
  Handover handover = MakeHandover(request);
  if (request.has_segment()) {
    served.stage = MakeSegment(request, files, std::move(handover), deadline);
    return served;
  }
  std::shared_ptr<NextStage> server;
  if (request.has_remote()) {
    const v1::Remote& remote = request.remote();
    server = std::make_shared<NextStage>(
        NextAddress{remote.host(), remote.address(), remote.model(), Codec::kNone},
        options_.channels);
  }
  served.stage = std::make_shared<RemoteStage>(std::move(server), std::move(handover));
  return served;
}

void Stages::Load(const v1::LoadRequest& request, const std::shared_ptr<SegmentFiles>& files,
                  Deadline deadline) {
  if (request.name() == kProbeModel) {
    throw InputError(fmt::format("'{}' is the name of the model that measures links", kProbeModel));
  }
  const std::int64_t needs_bytes = files ? kMemoryPerWeightByte * SizeOfFiles(*files) : 0;
  const auto reserved = Reserve(request.name(), needs_bytes);  // until the stage itself counts
  Served served = MakeStage(request, files, deadline);
  served.needs_bytes = needs_bytes;
  std::shared_ptr<ServedStage> old;
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) throw DrainingError("the worker is shutting down");
    std::swap(stages_[request.name()], served);
    old = std::move(served.stage);
  }
  if (old != nullptr) CloseBeside(std::move(old), In(options_.longest_run));
  ReturnMemoryOfMessages();  // of the segment's files, and of measuring links
}

void Stages::Unload(const std::string& name, Deadline deadline) {
  std::shared_ptr<ServedStage> stage;
  {
    const std::lock_guard lock(mutex_);
    const auto found = name == kProbeModel ? stages_.end() : stages_.find(name);
    if (found == stages_.end()) FailUnknown(name);
    stage = std::move(found->second.stage);
    stages_.erase(found);
  }
  stage->Close(deadline);
  CloseBeside(std::move(stage), Clock::now());
}

/// The end of a stage waits for what its model computes, and whoever took it out of service does
/// not.
void Stages::CloseBeside(std::shared_ptr<ServedStage> stage, Deadline deadline) {
  auto closing = std::async(std::launch::async, [stage = std::move(stage), deadline]() mutable {
    stage->Close(deadline);
    // A request that is just being handed to it must not be the one that ends it.
    while (stage.use_count() > 1) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stage.reset();
    ReturnMemoryOfMessages();
  });
  const std::lock_guard lock(mutex_);
  std::erase_if(closing_, [](const std::future<void>& other) {
    return other.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  });
  closing_.push_back(std::move(closing));
}

std::vector<v1::StageStatus> Stages::Statuses() {
  const std::lock_guard lock(mutex_);
  std::vector<v1::StageStatus> statuses;
  for (const auto& [name, served] : stages_) {
    v1::StageStatus& status = statuses.emplace_back();
    status.set_name(name);
    status.set_queued(served.stage->queued());
    status.set_restarts(served.stage->restarts());
    status.set_requests(*served.answered);
    status.set_failures(*served.failed);
    status.set_is_ready(!is_closed_);
  }
  return statuses;
}

Stages::Served Stages::FindServed(const std::string& name) {
  std::unique_lock<std::mutex> starting;
  if (name == kProbeModel) starting = std::unique_lock(probe_mutex_);
  {
    const std::lock_guard lock(mutex_);
    const auto found = stages_.find(name);
    if (found != stages_.end()) return found->second;
  }
  if (name != kProbeModel) FailUnknown(name);
  SegmentStageOptions probe;
  probe.name = name;
  probe.process.is_probe = true;
  Served served;
  served.stage =
      std::make_shared<SegmentStage>(std::move(probe), Handover{}, nullptr, In(kProbeStart));
  const std::lock_guard lock(mutex_);
  return stages_.emplace(name, std::move(served)).first->second;
}

void Stages::Infer(std::shared_ptr<InferCall> call) {
  try {
    const std::string& name = call->message().model;
    const std::string& version = call->message().version;
    if (!version.empty() && version != "1") {
      throw NotFoundError(fmt::format("the model '{}' has no version '{}'; all are version 1",
                                      Printable(name, 100), Printable(version, 40)));
    }
    const Served served = FindServed(name);
    call->timing.stage = name;
    for (const WireTensor& tensor : call->message().tensors) {
      call->timing.received += Bytes{static_cast<double>(tensor.bytes)};
    }
    call->observers.push_back([answered = served.answered, failed = served.failed](
                                  const InferCall&, const grpc::Status& status) {
      ++*(status.ok() ? answered : failed);
    });
    served.stage->Infer(std::move(call));
  } catch (...) {
    // The call may have been handed on by then; whoever has it ends it.
    if (call != nullptr) call->Fail(CurrentStatus());
  }
}

void Stages::Close(Deadline deadline) {
  std::map<std::string, Served> stages;
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    stages = stages_;
  }
  for (auto& [name, served] : stages) served.stage->Close(deadline);
}

}  // namespace scission
