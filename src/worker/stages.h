// The stages of a worker, by the names under which they are served.
#pragma once

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "wire/channel.h"
#include "worker/segment_stage.h"
#include "worker/served_stage.h"
#include "worker/stage_registry.h"

namespace scission {

/// The model that measures links; there on every worker.
inline constexpr const char* kProbeModel = "scission.probe";

struct StagesOptions {
  EngineOptions engine;  ///< unless a stage says otherwise
  Bytes memory_limit;    ///< of all segments together; 0: none
  int queue_limit = 64;  ///< of each stage
  Seconds longest_run = SegmentStageOptions().longest_run;
  ChannelOptions channels;  ///< to other workers
};

class Stages : public StageRegistry {
 public:
  explicit Stages(StagesOptions options) : options_(std::move(options)) {}

  void Load(const v1::LoadRequest& request, const std::shared_ptr<SegmentFiles>& files,
            Deadline deadline) override;
  void Unload(const std::string& name, Deadline deadline) override;
  std::vector<v1::StageStatus> Statuses() override;

  /// Throws NotFoundError. The probe is started when it is first asked for.
  std::shared_ptr<ServedStage> Find(const std::string& name) { return FindServed(name).stage; }
  /// Hands a request to its stage, or fails it.
  void Infer(std::shared_ptr<InferCall> call);
  /// All stages; takes no more requests then.
  void Close(Deadline deadline);

 private:
  struct Served {
    std::shared_ptr<ServedStage> stage;
    std::int64_t needs_bytes = 0;  ///< estimated, of memory
    using Counter = std::shared_ptr<std::atomic<std::int64_t>>;
    Counter answered = std::make_shared<std::atomic<std::int64_t>>(0);
    Counter failed = std::make_shared<std::atomic<std::int64_t>>(0);
  };

  Served MakeStage(const v1::LoadRequest& request, const std::shared_ptr<SegmentFiles>& files,
                   Deadline deadline);
  std::shared_ptr<ServedStage> MakeSegment(const v1::LoadRequest& request,
                                           const std::shared_ptr<SegmentFiles>& files,
                                           Handover handover, Deadline deadline) const;
  Handover MakeHandover(const v1::LoadRequest& request) const;
  /// Held while a stage of that name is loaded, which will need `bytes`. Throws ExhaustedError.
  std::shared_ptr<const void> Reserve(const std::string& name, std::int64_t bytes);
  void CloseBeside(std::shared_ptr<ServedStage> stage, Deadline deadline);
  Served FindServed(const std::string& name);

  const StagesOptions options_;
  std::mutex mutex_;
  std::map<std::string, Served> stages_;
  std::mutex probe_mutex_;  ///< while it is being started
  bool is_closed_ = false;
  std::int64_t reserved_bytes_ = 0;
  std::vector<std::future<void>> closing_;  ///< the last: they end before all else does
};

}  // namespace scission
