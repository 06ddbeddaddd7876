// A segment in a process of its own: whatever the model does there, it does not do it here.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/units.h"
#include "codec/codec.h"
#include "engine/session.h"
#include "model/tensor.h"

namespace scission {

using Deadline = std::chrono::steady_clock::time_point;

struct SegmentProcessOptions {
  std::filesystem::path model;  ///< an ONNX file, perhaps with external data beside it
  EngineOptions engine;
  /// How an encoded image becomes the model's only input (image/preprocessing.h); empty: it does
  /// not.
  std::string preprocessing;
  Bytes memory_limit;  ///< of the process's data (RLIMIT_DATA); 0: none
  int slots = 16;      ///< requests whose tensors lie in shared memory at once; made when used
  /// No model: takes whatever it gets and gives one INT64, how many bytes that was. For measuring
  /// links.
  bool is_probe = false;
};

/// The process died or had to be killed. It is started again by the next Start().
class ProcessError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
/// It had to be killed because the deadline passed.
class ProcessTimeout : public ProcessError {
 public:
  using ProcessError::ProcessError;
};

/// The model could not be run here, whatever was asked: out of memory, the engine fails. The
/// process lives on.
class EngineError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An input as it lies in a slot.
struct PackedInput {
  std::size_t bytes = 0;  ///< as packed
  Codec codec = Codec::kNone;
  bool is_image = false;  ///< an encoded image (JPEG, PNG, BMP) that is to be preprocessed
};

/// An output as it lies in a slot, packed.
struct PackedOutput {
  std::size_t offset = 0;  ///< in the slot
  std::size_t bytes = 0;
  Shape shape;
  Codec codec = Codec::kNone;  ///< that was used: usable for the tensor's type
};

struct RunOutcome {
  std::vector<PackedOutput> outputs;  ///< in the order of SegmentProcess::outputs()
  Seconds unpack{0};                  ///< decoding inputs, preprocessing an image
  Seconds compute{0};                 ///< the engine alone
  Seconds alone{0};                   ///< the second time, where it was to compute twice
  Seconds pack{0};
};

/// Used by one thread at a time, but for what says otherwise. The child is this program run as
/// `scission segment-runner` (the main() of a test that uses this must answer to that:
/// runner/testing/runner_main.cc), so it inherits no state, thread or descriptor. It dies with its
/// parent.
class SegmentProcess {
 public:
  /// Starts the process and loads the model. Throws InputError where the model is refused or kills
  /// the process, naming why, or the deadline passes.
  SegmentProcess(SegmentProcessOptions options, Deadline deadline);
  /// Kills it.
  ~SegmentProcess();

  /// These, and what is said of slots below, any thread may ask. A probe has one input, "data", of
  /// whatever size, and one output, "count".
  const std::vector<TensorSpec>& inputs() const;
  const std::vector<TensorSpec>& outputs() const;
  int slot_count() const;
  int restarts() const;  ///< how often it was started again; any thread may ask

  /// Where input `index` of `slot` is to be put, packed; at least `bytes`, which must not be more
  /// than MaxInputBytes(). Of a slot whose request does not run.
  char* Input(int slot, std::size_t index, std::size_t bytes);
  /// The most that input `index` may take, however packed; for an image 64 MiB.
  std::size_t MaxInputBytes(std::size_t index) const;
  /// What `slot` holds; outputs stay until the slot is used again, even when the process dies.
  const char* Slot(int slot) const;

  /// Begins to run what lies in `slot`. At most one more may be started before Wait(); they run one
  /// after the other, the second without waiting for this process. Where the process is dead, it is
  /// started again first, which takes until `deadline` at most; throws ProcessError where that
  /// fails: the model was loaded before, so the request is not at fault. `computes_twice`: for
  /// RunOutcome::alone.
  void Start(int slot, const std::vector<PackedInput>& inputs, Codec output_codec,
             Deadline deadline, bool computes_twice = false);
  /// As Start() where the process lives; false, and nothing is started, where it would have to be
  /// started again first. Nothing else may be started.
  bool StartIfAlive(int slot, const std::vector<PackedInput>& inputs, Codec output_codec,
                    bool computes_twice = false);
  /// The outcome of what was started first. Throws InputError where the request is wrong: its
  /// sizes, or what cannot be unpacked (the process lives on); EngineError where the model cannot
  /// be run on it here; ProcessTimeout where `deadline` passed (the process is killed);
  /// ProcessError where it died: "the process that ran it was killed: ...".
  /// What was started behind it is lost with the process, too; there is nothing to wait for then.
  RunOutcome Wait(Deadline deadline);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scission
