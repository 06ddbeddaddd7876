#include "engine/session.h"

#include <fmt/format.h>
#include <onnxruntime_cxx_api.h>

#include <cassert>
#include <cstring>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "engine/ort_session.h"
#include "engine/ort_values.h"

namespace scission {

struct Session::Binding::State {
  State(Ort::Session& session, const std::vector<TensorSpec>& input_specs,
        const std::vector<TensorSpec>& output_specs)
      : binding(session),
        input_specs(input_specs),
        output_specs(output_specs),
        inputs(input_specs.size(), nullptr),
        outputs(output_specs.size(), nullptr) {
    for (const TensorSpec& spec : output_specs) binding.BindOutput(spec.name.c_str(), CpuMemory());
  }

  /// Gives the engine's outputs of the last run back: bound as they are, it would write into them.
  void ForgetOutputs() {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (outputs[i] == nullptr) binding.BindOutput(output_specs[i].name.c_str(), CpuMemory());
    }
  }

  Ort::IoBinding binding;
  const std::vector<TensorSpec>& input_specs;  ///< of the session
  const std::vector<TensorSpec>& output_specs;
  std::vector<const char*> inputs;
  std::vector<char*> outputs;  ///< nullptr: the engine's
};

Session::Binding::Binding(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::Binding::~Binding() = default;
Session::Binding::Binding(Binding&&) noexcept = default;
Session::Binding& Session::Binding::operator=(Binding&&) noexcept = default;

void Session::Binding::PlaceInput(std::size_t index, const char* data) {
  if (std::exchange(state_->inputs.at(index), data) == data) return;
  const TensorSpec& spec = state_->input_specs[index];
  state_->binding.BindInput(spec.name.c_str(),
                            Wrap(spec, data, static_cast<std::size_t>(spec.ByteCount())));
}

void Session::Binding::PlaceOutput(std::size_t index, char* data) {
  const TensorSpec& spec = state_->output_specs.at(index);
  assert(IsStatic(spec));
  if (std::exchange(state_->outputs[index], data) == data) return;
  state_->binding.BindOutput(spec.name.c_str(),
                             Wrap(spec, data, static_cast<std::size_t>(spec.ByteCount())));
}

struct Session::State {
  State(const SegmentModel& segment, const EngineOptions& options)
      : inputs(segment.inputs),
        outputs(segment.outputs),
        session(MakeSession(segment, options, weights)) {
    for (const TensorSpec& spec : inputs) RequireFixedSize(spec);
  }

  void MakeBuffers(TensorMap& buffers) {
    bound.emplace(MakeBinding());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      input_buffers.push_back(&BufferFor(inputs[i], buffers));
      bound->PlaceInput(i, input_buffers[i]->data.data());
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      output_buffers.push_back(IsStatic(outputs[i]) ? &BufferFor(outputs[i], buffers) : nullptr);
      if (output_buffers[i] != nullptr) bound->PlaceOutput(i, output_buffers[i]->data.data());
    }
  }

  Binding MakeBinding() {
    return Binding(std::make_unique<Binding::State>(session, inputs, outputs));
  }

  void Run(Binding& binding) {
    try {
      session.Run(run_options, binding.state_->binding);
    } catch (const Ort::Exception& error) {
      throw InputError("ONNX Runtime cannot run the model on this input: " + FirstLine(error));
    }
  }

  static void RequireFixedSize(const TensorSpec& spec) {
    if (BitsPerElement(spec.type) > 0) return;
    throw InputError("input '" + Printable(spec.name) + "' has type " + ToText(spec.type) +
                     ", which cannot be given to a model here");
  }

  /// std::map never moves what it holds.
  static TensorValue& BufferFor(const TensorSpec& spec, TensorMap& buffers) {
    TensorValue& buffer = buffers[spec.name];
    if (buffer.data.empty()) {
      buffer = {spec, std::string(static_cast<std::size_t>(spec.ByteCount()), '\0')};
    }
    assert(buffer.spec.shape == spec.shape);
    return buffer;
  }

  // In this order: bindings refer to the buffers and to the session, that to the weights.
  std::vector<TensorSpec> inputs;
  std::vector<TensorSpec> outputs;
  TensorMap own_buffers;
  std::vector<TensorValue*> input_buffers;
  std::vector<TensorValue*> output_buffers;  ///< nullptr: the engine's
  std::vector<Ort::Value> weights;
  Ort::Session session;
  std::optional<Binding> bound;  ///< to the buffers
  Ort::RunOptions run_options;
};

Session::Session(const SegmentModel& segment, const EngineOptions& options)
    : state_(std::make_unique<State>(segment, options)) {
  state_->MakeBuffers(state_->own_buffers);
}
Session::Session(const SegmentModel& segment, const EngineOptions& options, TensorMap& buffers)
    : state_(std::make_unique<State>(segment, options)) {
  state_->MakeBuffers(buffers);
}
Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Session Session::WithoutBuffers(const SegmentModel& segment, const EngineOptions& options) {
  return Session(std::make_unique<State>(segment, options));
}

void Session::SetInputs(const TensorMap& values) {
  for (TensorValue* input : state_->input_buffers) {
    const auto found = values.find(input->spec.name);
    if (found == values.end()) {
      throw InputError("input '" + Printable(input->spec.name) + "' is missing");
    }
    const TensorSpec& given = found->second.spec;
    if (given.type != input->spec.type || given.shape != input->spec.shape) {
      throw InputError(fmt::format("input '{}' is {} {}, not {} {}", Printable(input->spec.name),
                                   ToText(input->spec.type), ToText(input->spec.shape),
                                   ToText(given.type), ToText(given.shape)));
    }
    std::memcpy(input->data.data(), found->second.data.data(), input->data.size());
  }
}

void Session::Run() { state_->Run(state_->bound.value()); }

void Session::GetOutputs(TensorMap& values) const {
  std::vector<Ort::Value> actual;
  for (std::size_t i = 0; i < state_->outputs.size(); ++i) {
    const std::string& name = state_->outputs[i].name;
    const TensorValue* buffer = state_->output_buffers[i];
    if (buffer == nullptr && actual.empty()) {
      actual = state_->bound->state_->binding.GetOutputValues();
    }
    TensorValue& value = values[name];
    if (buffer == nullptr) {
      value = CopyOf(name, actual.at(i));
    } else if (&value != buffer) {  // it may be the buffer itself, which is not to move
      value = *buffer;
    }
  }
}

Session::Binding Session::MakeBinding() { return state_->MakeBinding(); }

void Session::Run(Binding& binding) {
  binding.state_->ForgetOutputs();
  state_->Run(binding);
}

TensorView Session::Output(const Binding& binding, std::size_t index) const {
  const Ort::Value value = std::move(binding.state_->binding.GetOutputValues().at(index));
  const std::string& name = state_->outputs.at(index).name;
  return {SpecOf(name, value), DataOf(value)};
}

}  // namespace scission
