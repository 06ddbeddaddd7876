#include "engine/ort_session.h"

#include <fmt/format.h>
#include <onnxruntime_session_options_config_keys.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/machine.h"
#include "base/text.h"
#include "engine/ort_values.h"

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

}  // namespace

std::string FirstLine(const std::exception& error) {
  std::string text = error.what();
  text = text.substr(0, text.find('\n'));
  constexpr std::string_view kBehindCondition = " was false. ";
  const auto condition = text.find(kBehindCondition);
  if (condition != std::string::npos) text = text.substr(condition + kBehindCondition.size());
  return Printable(text, 300);
}

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

namespace {

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

}  // namespace

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

}  // namespace scission
