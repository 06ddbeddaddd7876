// What a worker serves under a name.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "worker/infer_call.h"

namespace scission {

/// Any thread may call any member.
class Stage {
 public:
  virtual ~Stage() = default;

  /// Takes the request on, and returns at once. It ends later, or now where it cannot be taken.
  virtual void Infer(std::shared_ptr<InferCall> call) = 0;

  /// What it takes and gives, as far as that is known; the tensors of the whole pipeline are not.
  virtual std::vector<TensorSpec> inputs() const = 0;
  virtual std::vector<TensorSpec> outputs() const = 0;

  virtual int queued() const { return 0; }
  virtual int restarts() const { return 0; }

  /// Takes no more requests, and waits until those that it has are done; at `deadline` those that
  /// wait are broken off.
  virtual void Close(Deadline deadline) = 0;
};

}  // namespace scission
