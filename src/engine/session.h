// ONNX Runtime behind a small door. Nothing of it shows in this header.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/segment.h"

namespace scission {

enum class Provider { kCpu, kWebGpu, kCuda };

/// "cpu", "webgpu", "cuda".
std::string ToText(Provider provider);
/// Throws InputError naming `place`, where the text came from, and listing the providers.
Provider ParseProvider(const std::string& text, const std::string& place = "--provider");

/// The provider cannot be used on this machine, whatever the model.
class ProviderError : public InputError {
 public:
  using InputError::InputError;
};

struct EngineOptions {
  Provider provider = Provider::kCpu;
  int threads = 0;  ///< within an operator; 0: one per core
  /// The core of each thread but the first, which is the caller's; empty: wherever the system
  /// likes.
  std::vector<int> cores_of_helpers;
  /// Sessions of segments with large convolutions whose weights are in a file are made in two
  /// steps, the first of which ends with another file: the engine then holds those weights once
  /// instead of twice, and takes longer. The session is the same.
  bool makes_sessions_lean = false;
};

/// Threads that a session with `options` uses within an operator.
int ThreadCount(const EngineOptions& options);

/// "onnxruntime 1.30.0"
std::string EngineVersion();

/// Tensors by name.
using TensorMap = std::map<std::string, TensorValue>;

/// A tensor that lies elsewhere.
struct TensorView {
  TensorSpec spec;
  std::string_view data;
};

/// A segment, loaded and optimised, with its input and output buffers. Settings that make results
/// comparable: all optimisations, operators one after the other, denormals are zero, threads do not
/// spin. Not for use by two threads at once. The Model that the segment came from must outlive it.
class Session {
 public:
  /// Throws InputError if ONNX Runtime refuses the model, ProviderError if the provider cannot be
  /// used here.
  Session(const SegmentModel& segment, const EngineOptions& options);
  /// The same with its buffers in `buffers`, which must outlive it: those that are there are used,
  /// others are added. So sessions pass tensors on, the outputs of one being the inputs of another.
  Session(const SegmentModel& segment, const EngineOptions& options, TensorMap& buffers);
  /// One without buffers, which runs on bindings alone.
  static Session WithoutBuffers(const SegmentModel& segment, const EngineOptions& options);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  /// Copies the segment's inputs from `values` into its input buffers. Throws if one is missing or
  /// has another type or shape.
  void SetInputs(const TensorMap& values);
  /// One inference from the input buffers to the output buffers: what a benchmark times. With a
  /// provider that has memory of its own, the copies there and back are part of it. Allocates
  /// nothing of ours. Throws InputError if the model fails on this input.
  void Run();
  /// Copies the outputs of the last Run() into `values`.
  void GetOutputs(TensorMap& values) const;

  /// Memory of the caller's that a run reads and writes, one place for each input and output in the
  /// order of the segment. Must not outlive the session; the memory must outlive the runs.
  class Binding {
   public:
    ~Binding();
    Binding(Binding&&) noexcept;
    Binding& operator=(Binding&&) noexcept;

    /// Where input `index` lies from now on, in TensorSpec::ByteCount() bytes.
    void PlaceInput(std::size_t index, const char* data);
    /// Where output `index` is to be written, likewise; one that has a fixed size. Outputs without
    /// a place are in memory of the engine's.
    void PlaceOutput(std::size_t index, char* data);

   private:
    friend class Session;
    struct State;
    explicit Binding(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
  };
  Binding MakeBinding();

  /// One inference on `binding`, all of whose inputs have a place. Throws as Run() does.
  void Run(Binding& binding);
  /// Output `index`, one without a place, until the next run on `binding`. What is not a tensor has
  /// type kUnknown, and that or strings no data.
  TensorView Output(const Binding& binding, std::size_t index) const;

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Runs `segment` twice on the CPU with different random inputs and returns the specs of its
/// outputs as they turned out; a ShapeTracer for LoadOptions. Those whose shape differs are marked
/// as dynamic; what is not a tensor has type kUnknown.
std::vector<TensorSpec> TraceShapes(const SegmentModel& segment);

}  // namespace scission
