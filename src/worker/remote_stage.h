// Stages that compute nothing here: a relay, or a model on another inference server.
#pragma once

#include <atomic>
#include <memory>

#include "worker/handover.h"
#include "worker/served_stage.h"

namespace scission {

class RemoteStage : public ServedStage {
 public:
  /// `server`: who computes; null for a relay, which hands its inputs over as its outputs.
  RemoteStage(std::shared_ptr<NextStage> server, Handover handover)
      : server_(std::move(server)), handover_(std::move(handover)) {}

  void Infer(std::shared_ptr<InferCall> call) override;
  std::vector<TensorSpec> inputs() const override { return {}; }
  std::vector<TensorSpec> outputs() const override { return {}; }
  const NextStage* server() const override { return server_.get(); }
  const NextStage* next() const override { return handover_.next.get(); }
  void Close(Deadline) override { is_closed_ = true; }

 private:
  std::atomic<bool> is_closed_ = false;
  std::shared_ptr<NextStage> server_;
  Handover handover_;
};

}  // namespace scission
