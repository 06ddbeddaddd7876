// What a worker serves under a name.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "worker/infer_call.h"
#include "worker/next_stage.h"

namespace scission {

/// Any thread may call any member.
class ServedStage {
 public:
  virtual ~ServedStage() = default;

  /// Takes the request on, and returns at once. It ends later, or now where it cannot be taken.
  virtual void Infer(std::shared_ptr<InferCall> call) = 0;

  /// What it takes and gives itself; nothing where it runs no segment.
  virtual std::vector<TensorSpec> inputs() const = 0;
  virtual std::vector<TensorSpec> outputs() const = 0;
  /// Who computes in its place; null where it runs a segment, or is a relay.
  virtual const NextStage* server() const { return nullptr; }
  /// Who gets its outputs; null: they are the answer.
  virtual const NextStage* next() const = 0;

  virtual int queued() const { return 0; }
  virtual int restarts() const { return 0; }

  /// Takes no more requests, and waits until those that it has are done; at `deadline` those that
  /// wait are broken off.
  virtual void Close(Deadline deadline) = 0;
};

}  // namespace scission
