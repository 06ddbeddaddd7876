// A stage that runs a segment, one request after the other, in a process of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "runner/segment_process.h"
#include "worker/handover.h"
#include "worker/served_stage.h"

namespace scission {

struct SegmentStageOptions {
  std::string name;
  SegmentProcessOptions process;
  int queue_limit = 64;  ///< requests that wait, at most; and no more than 1 GiB of them
  /// The longest that the model may take for one request. Then it counts as hung, and its process
  /// is killed and started again; a caller's earlier deadline ends only the caller's wait.
  Seconds longest_run{60};
};

class SegmentStage : public ServedStage {
 public:
  /// Loads the model; throws as SegmentProcess does. `files` stay as long as the stage.
  SegmentStage(SegmentStageOptions options, Handover handover, std::shared_ptr<const void> files,
               Deadline deadline);
  ~SegmentStage() override;

  void Infer(std::shared_ptr<InferCall> call) override;
  std::vector<TensorSpec> inputs() const override { return inputs_; }
  std::vector<TensorSpec> outputs() const override { return outputs_; }
  const NextStage* next() const override { return handover_.next.get(); }
  int queued() const override;
  int restarts() const override;
  void Close(Deadline deadline) override;

 private:
  class Slots;
  struct Running;

  bool ClaimIdle();
  void StartAtOnce(const std::shared_ptr<InferCall>& call);
  void Work();
  bool Await(std::deque<Running>& running);
  std::shared_ptr<InferCall> Pop();
  bool BeginOne(std::deque<Running>& running);
  Running Prepare(const std::shared_ptr<InferCall>& call, std::shared_ptr<const int> slot);
  Codec OutputCodec() const;
  std::vector<PackedInput> PutInputs(const InferCall& call, int slot);
  PackedInput PutInput(const TensorMessage& message, const WireTensor& tensor, std::size_t index,
                       int slot);
  void RefuseOthers(const TensorMessage& message) const;
  void Complete(std::deque<Running>& running);
  void StartAgain(std::deque<Running>& running);
  std::vector<OutgoingTensor> Take(const Running& running, const RunOutcome& outcome) const;
  void Start(const Running& running);
  Deadline RunDeadline() const;
  Deadline StartDeadline() const;
  grpc::Status Enqueue(const std::shared_ptr<InferCall>& call,
                       std::vector<std::shared_ptr<InferCall>>& over);
  bool HasRoomFor(const InferCall& call) const;
  void FailAsOver(InferCall& call) const;

  const SegmentStageOptions options_;
  const Handover handover_;
  const std::shared_ptr<const void> files_;
  const Deadline load_begin_;
  const std::shared_ptr<SegmentProcess> process_;
  const Deadline::duration load_time_;
  const std::vector<TensorSpec> inputs_;
  const std::vector<TensorSpec> outputs_;
  const std::shared_ptr<Slots> slots_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<InferCall>> queue_;
  bool is_closed_ = false;
  /// Nothing runs, and nobody is about to start anything: the thread says so, once it is there.
  bool is_idle_ = false;
  std::unique_ptr<Running> begun_;  ///< by StartAtOnce, for the thread to wait for
  std::thread thread_;
};

}  // namespace scission
