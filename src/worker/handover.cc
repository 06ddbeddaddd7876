#include "worker/handover.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

OutgoingTensor Find(const std::string& name, const std::vector<OutgoingTensor>& outputs,
                    const TensorMessage& request) {
  const auto found =
      std::find_if(outputs.begin(), outputs.end(),
                   [&](const OutgoingTensor& output) { return output.spec.name == name; });
  if (found != outputs.end()) return *found;
  const WireTensor* passing = request.Find(name);
  if (passing != nullptr) return {passing->spec, passing->codec, request.Contents(*passing)};
  throw InputError(fmt::format("there is no output '{}'", Printable(name, 100)));
}

std::vector<OutgoingTensor> Select(const std::vector<std::string>& names,
                                   std::vector<OutgoingTensor> outputs,
                                   const TensorMessage& request) {
  if (names.empty()) return outputs;
  std::vector<OutgoingTensor> selected;
  for (const std::string& name : names) selected.push_back(Find(name, outputs, request));
  return selected;
}

}  // namespace

void Handover::Pass(std::shared_ptr<InferCall> call, std::vector<OutgoingTensor> outputs) const {
  const TensorMessage& request = call->message();
  outputs = Select(selected, std::move(outputs), request);
  if (next != nullptr) {
    next->Send(std::move(call), outputs, request.requested);
    return;
  }
  outputs = Select(request.requested, std::move(outputs), request);
  for (OutgoingTensor& output : outputs) output = Unpacked(std::move(output));
  call->timing.replied = ContentsOf(outputs);
  call->Answer(MakeResponse(request.model, request.id, outputs));
}

}  // namespace scission
