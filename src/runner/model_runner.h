// Runs a model on requests that lie in slots.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cache_filler.h"
#include "image/image_input.h"
#include "model/model.h"
#include "runner/messages.h"
#include "runner/shared_memory.h"
#include "runner/slot_layout.h"

namespace scission {

/// What a segment's process does with requests.
class RequestRunner {
 public:
  virtual ~RequestRunner() = default;
  /// Throws InputError where the request is wrong, and other exceptions where it cannot be run.
  virtual RunOutcome Run(const RunMessage& request, SharedMemory& slot) = 0;

  const LoadedMessage& description() const { return description_; }

 protected:
  LoadedMessage description_;
};

/// Unpacks, infers, packs, in this order and on one thread. Nothing is copied but what is packed:
/// the engine reads and writes in the slot.
class ModelRunner : public RequestRunner {
 public:
  /// Loads the model. Throws InputError naming the file.
  explicit ModelRunner(const LoadMessage& options);
  RunOutcome Run(const RunMessage& request, SharedMemory& slot) override;

 private:
  void LoadSession(const LoadMessage& options);
  void PrepareForImages(const std::string& preprocessing);
  /// Where input `index` lies unpacked.
  const char* Unpack(std::size_t index, const PackedInput& input, const char* packed);
  const char* UnpackImage(std::size_t index, std::string_view image);
  void PlaceOutputs(Session::Binding& binding, Codec codec, const SharedMemory& slot);
  PackedOutput Pack(std::size_t index, Codec codec, const SharedMemory& slot);
  /// Behind what this request has put there so far, which ends at `end`.
  PackedOutput PackDynamic(std::size_t index, const Session::Binding& binding, Codec codec,
                           SharedMemory& slot, std::size_t& end);
  Session::Binding& BindingOf(int slot);
  void Infer(Session::Binding& binding);
  /// Memory of its own for a tensor, for as long as it is packed elsewhere.
  static char* Room(std::string& memory, const TensorSpec& spec);

  std::optional<Model> model_;  ///< outlives the session
  std::optional<Session> session_;
  std::vector<Session::Binding> bindings_;  ///< one a slot, in which each stays where it is
  std::optional<ImageLayout> image_layout_;
  Preprocessing preprocessing_ = Preprocessing::kNone;
  SlotLayout layout_;
  std::vector<std::string> unpacked_inputs_;
  std::vector<std::string> raw_outputs_;
};

/// Counts the bytes that it gets, and leaves the caches as a model does.
class ProbeRunner : public RequestRunner {
 public:
  ProbeRunner();
  RunOutcome Run(const RunMessage& request, SharedMemory& slot) override;

 private:
  SlotLayout layout_;
  CacheFiller caches_;
};

}  // namespace scission
