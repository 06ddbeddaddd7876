// What follows a stage's work: the tensors go to the next stage, or become the answer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "worker/next_stage.h"

namespace scission {

struct Handover {
  std::shared_ptr<NextStage> next;    ///< null: what is handed over is the answer
  std::vector<std::string> selected;  ///< by name, of outputs and passing inputs; none: all outputs

  /// Throws InputError where `selected` names neither an output nor an input of the request.
  void Pass(std::shared_ptr<InferCall> call, std::vector<OutgoingTensor> outputs) const;
};

}  // namespace scission
