#include "engine/session.h"

#include <fmt/format.h>
#include <onnxruntime_cxx_api.h>
#include <onnxruntime_session_options_config_keys.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/machine.h"
#include "base/text.h"
#include "engine/ort_values.h"
#include "engine/random_input.h"

namespace scission {
namespace {

/// All sessions share one arena: only one runs at a time, so that together they need the working
/// memory of one. It grows by what is asked for.
Ort::Env MakeEnvironment() {
  Ort::Env environment(ORT_LOGGING_LEVEL_FATAL, "scission");
  constexpr int kDefault = -1;
  constexpr int kAsRequested = 1;
  const Ort::ArenaCfg arena(/*max_mem=*/0, kAsRequested, kDefault, kDefault);
  environment.CreateAndRegisterAllocator(
      Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault), arena);
  return environment;
}

Ort::Env& Environment() {
  static Ort::Env environment = MakeEnvironment();
  return environment;
}

struct ProviderFacts {
  Provider provider;
  const char* name;
  const char* ort_name;
};

constexpr std::array kProviders = {
    ProviderFacts{Provider::kCpu, "cpu", ""},
    ProviderFacts{Provider::kWebGpu, "webgpu", "WebGPU"},
    ProviderFacts{Provider::kCuda, "cuda", "CUDA"},
};

const ProviderFacts& FactsOf(Provider provider) {
  return kProviders.at(static_cast<std::size_t>(provider));
}

/// The first line of what ONNX Runtime says, without the condition in its sources that failed.
std::string FirstLine(const std::exception& error) {
  std::string text = error.what();
  text = text.substr(0, text.find('\n'));
  constexpr std::string_view kBehindCondition = " was false. ";
  const auto condition = text.find(kBehindCondition);
  if (condition != std::string::npos) text = text.substr(condition + kBehindCondition.size());
  return Printable(text, 300);
}

ProviderError NotUsable(Provider provider, const std::exception& error) {
  return ProviderError(fmt::format("provider {} cannot be used on this machine: {}",
                                   ToText(provider), FirstLine(error)));
}

void AppendProvider(Provider provider, Ort::SessionOptions& options) {
  try {
    if (provider == Provider::kCuda) {
      OrtCUDAProviderOptionsV2* cuda = nullptr;
      Ort::ThrowOnError(Ort::GetApi().CreateCUDAProviderOptions(&cuda));
      const std::unique_ptr<OrtCUDAProviderOptionsV2, void (*)(OrtCUDAProviderOptionsV2*)> owner(
          cuda, Ort::GetApi().ReleaseCUDAProviderOptions);
      options.AppendExecutionProvider_CUDA_V2(*cuda);
    } else if (provider != Provider::kCpu) {
      options.AppendExecutionProvider(FactsOf(provider).ort_name, {});
    }
  } catch (const Ort::Exception& error) {
    throw NotUsable(provider, error);
  }
}

/// Weights in memory are copied by the engine while it makes the session. Those that it could read
/// from a file too, it takes from our memory as they are, but for those that it transforms first.
void HandOver(const SegmentModel& segment, std::vector<Ort::Value>& weights,
              Ort::SessionOptions& options) {
  std::vector<std::string> names;
  for (const WeightView& weight : segment.weights) {
    names.push_back(weight.spec.name);
    weights.push_back(Wrap(weight.spec, weight.data.data(), weight.data.size()));
  }
  if (segment.weight_folder.empty()) {
    if (!names.empty()) options.AddExternalInitializers(names, weights);
    return;
  }
  options.AddConfigEntry(kOrtSessionOptionsModelExternalInitializersFileFolderPath,
                         segment.weight_folder.c_str());
  for (std::size_t i = 0; i < names.size(); ++i) {
    options.AddInitializer(names[i].c_str(), weights[i]);
  }
}

Ort::SessionOptions MakeOptions(const EngineOptions& options) {
  Environment();  // first: providers log while they are appended
  Ort::SessionOptions made;
  made.SetIntraOpNumThreads(ThreadCount(options));
  made.SetInterOpNumThreads(1);
  made.SetExecutionMode(ORT_SEQUENTIAL);
  made.SetGraphOptimizationLevel(ORT_ENABLE_ALL);
  made.AddConfigEntry(kOrtSessionOptionsConfigSetDenormalAsZero, "1");
  made.AddConfigEntry(kOrtSessionOptionsConfigAllowIntraOpSpinning, "0");
  made.AddConfigEntry(kOrtSessionOptionsConfigUseEnvAllocators, "1");
  // Weights are freed with their session and do not stay in the arena.
  made.AddConfigEntry(kOrtSessionOptionsUseDeviceAllocatorForInitializers, "1");
  if (!options.cores_of_helpers.empty()) {
    std::vector<std::string> cores;  // the engine numbers them from 1
    for (const int core : options.cores_of_helpers) cores.push_back(std::to_string(core + 1));
    made.AddConfigEntry(kOrtSessionOptionsConfigIntraOpThreadAffinities, Join(cores, ";").c_str());
  }
  AppendProvider(options.provider, made);
  return made;
}

/// `weights` is filled; it must outlive the session.
Ort::Session MakeSession(const SegmentModel& segment, Ort::SessionOptions options,
                         Provider provider, std::vector<Ort::Value>& weights) {
  HandOver(segment, weights, options);
  if (segment.has_pad_before_max_pool) {
    options.AddConfigEntry(kOrtSessionOptionsDisableSpecifiedOptimizers, "Pad_Fusion");
  }
  try {
    return {Environment(), segment.onnx.data(), segment.onnx.size(), options};
  } catch (const Ort::Exception& error) {
    const char* name = FactsOf(provider).ort_name;
    if (provider != Provider::kCpu && std::strstr(error.what(), name) != nullptr) {
      throw NotUsable(provider, error);
    }
    throw InputError("ONNX Runtime refuses the model: " + FirstLine(error));
  }
}

/// Where convolutions have less, making a session in two steps is not worth the time.
constexpr std::size_t kLargeConvolutions = 8u << 20;

/// Most of the weights are those of convolutions, and they are many.
bool HasLargeConvolutions(const SegmentModel& segment) {
  std::size_t all = 0;
  std::size_t convolutions = 0;
  for (const WeightView& weight : segment.weights) {
    all += weight.data.size();
    if (weight.spec.shape.size() == 4) convolutions += weight.data.size();
  }
  return convolutions >= std::max(kLargeConvolutions, all / 2);
}

/// The segment behind the engine's basic optimisations, which fold what follows convolutions into
/// their weights. These lie in `folder`.
SegmentModel Folded(const SegmentModel& segment, const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "folded.onnx";
  Ort::SessionOptions options = MakeOptions({.threads = 1});
  options.SetGraphOptimizationLevel(ORT_ENABLE_BASIC);
  options.SetOptimizedModelFilePath(file.c_str());
  options.AddConfigEntry(kOrtSessionOptionsOptimizedModelExternalInitializersFileName,
                         "folded.weights");
  options.AddConfigEntry(kOrtSessionOptionsConfigDisablePrepacking, "1");
  std::vector<Ort::Value> weights;
  MakeSession(segment, std::move(options), Provider::kCpu, weights);
  SegmentModel folded = segment;
  folded.weights.clear();
  folded.onnx = ReadFile(file);
  folded.weight_folder = folder;
  return folded;
}

Ort::Session MakeSession(const SegmentModel& segment, const EngineOptions& options,
                         std::vector<Ort::Value>& weights) {
  const bool folds_first = options.makes_sessions_lean && options.provider == Provider::kCpu &&
                           !segment.weight_folder.empty() && HasLargeConvolutions(segment);
  if (!folds_first) return MakeSession(segment, MakeOptions(options), options.provider, weights);
  try {
    const TemporaryFolder folder(segment.weight_folder);
    return MakeSession(Folded(segment, folder.path()), MakeOptions(options), options.provider,
                       weights);
  } catch (const InputError&) {  // a full disk; where it is the model, one step says so too
    weights.clear();
    return MakeSession(segment, MakeOptions(options), options.provider, weights);
  }
}

}  // namespace

std::string ToText(Provider provider) { return FactsOf(provider).name; }

Provider ParseProvider(const std::string& text, const std::string& place) {
  std::vector<std::string> names;
  for (const ProviderFacts& facts : kProviders) {
    if (ToLower(text) == facts.name) return facts.provider;
    names.emplace_back(facts.name);
  }
  throw InputError(place,
                   "'" + Printable(text) + "' is not known; it is one of " + Join(names, ", "));
}

int ThreadCount(const EngineOptions& options) {
  return options.threads > 0 ? options.threads : UsableCores();
}

std::string EngineVersion() { return "onnxruntime " + Ort::GetVersionString(); }

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

namespace {

std::vector<TensorSpec> SpecsOfOneRun(Ort::Session& session, const SegmentModel& segment,
                                      std::uint64_t seed) {
  const TensorMap inputs = RandomInputs(segment.inputs, seed);
  std::vector<const char*> input_names;
  std::vector<Ort::Value> input_values;
  for (const auto& [name, value] : inputs) {
    input_names.push_back(name.c_str());
    input_values.push_back(Wrap(value.spec, value.data.data(), value.data.size()));
  }
  std::vector<const char*> output_names;
  for (const TensorSpec& output : segment.outputs) output_names.push_back(output.name.c_str());
  const std::vector<Ort::Value> outputs =
      session.Run(Ort::RunOptions(), input_names.data(), input_values.data(), input_values.size(),
                  output_names.data(), output_names.size());
  std::vector<TensorSpec> specs;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    specs.push_back(SpecOf(segment.outputs[i].name, outputs[i]));
  }
  return specs;
}

}  // namespace

std::vector<TensorSpec> TraceShapes(const SegmentModel& segment) {
  // Two runs are not worth optimising for, and what is made for them need not stay in the arena.
  Ort::SessionOptions options = MakeOptions({});
  options.SetGraphOptimizationLevel(ORT_DISABLE_ALL);
  options.AddConfigEntry(kOrtSessionOptionsConfigDisablePrepacking, "1");
  options.AddConfigEntry(kOrtSessionOptionsConfigUseEnvAllocators, "0");
  std::vector<Ort::Value> weights;
  Ort::Session session = MakeSession(segment, std::move(options), Provider::kCpu, weights);
  try {
    std::vector<TensorSpec> specs = SpecsOfOneRun(session, segment, /*seed=*/0);
    const std::vector<TensorSpec> others = SpecsOfOneRun(session, segment, /*seed=*/1);
    for (std::size_t i = 0; i < specs.size(); ++i) {
      specs[i].is_dynamic = specs[i].shape != others[i].shape;
    }
    return specs;
  } catch (const Ort::Exception& error) {
    throw InputError("a trial run to learn the shapes fails: " + FirstLine(error));
  }
}

}  // namespace scission
