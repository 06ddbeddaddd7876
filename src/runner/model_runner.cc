#include "runner/model_runner.h"

#include <fmt/format.h>

#include <chrono>
#include <cstring>

#include "base/error.h"
#include "base/text.h"
#include "model/mapped_weights.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

std::string Shown(const char* what, const TensorSpec& spec) {
  return fmt::format("{} '{}'", what, Printable(spec.name));
}

/// Strings, sequences and the like.
void RequireTensor(const char* what, const TensorSpec& spec) {
  if (BitsPerElement(spec.type) > 0) return;
  throw InputError(
      fmt::format("{} has type {}, which cannot be sent", Shown(what, spec), ToText(spec.type)));
}

void RequireFitting(const RunMessage& request, const LoadedMessage& model,
                    const SlotLayout& layout) {
  if (request.inputs.size() != model.inputs.size()) {
    throw InputError(
        fmt::format("{} inputs were given, not {}", request.inputs.size(), model.inputs.size()));
  }
  for (std::size_t i = 0; i < layout.inputs.size(); ++i) {
    if (request.inputs[i].bytes <= layout.inputs[i].bytes) continue;
    throw InputError(Shown("input", model.inputs[i]), "is too large");
  }
}

}  // namespace

ModelRunner::ModelRunner(const LoadMessage& options) {
  LoadSession(options);
  if (!options.preprocessing.empty()) PrepareForImages(options.preprocessing);
  for (const TensorSpec& spec : description_.inputs) RequireTensor("input", spec);
  for (const TensorSpec& spec : description_.outputs) RequireTensor("output", spec);
  layout_ = LayOut(description_);
  unpacked_inputs_.resize(description_.inputs.size());
  raw_outputs_.resize(description_.outputs.size());
}

/// The engine makes its own copy of the weights; ours is mapped from a file, and costs no memory
/// once that is done.
void ModelRunner::LoadSession(const LoadMessage& options) {
  model_ = MapWeights(LoadModel(options.model, {.trace_shapes = TraceShapes}),
                      options.scratch / "weights");
  const SegmentModel segment = ExtractSegment(*model_, WholeOf(model_->graph()));
  session_ = Session::WithoutBuffers(segment, options.engine);
  ForgetWeights(*model_);
  description_.inputs = segment.inputs;
  description_.outputs = segment.outputs;
}

void ModelRunner::PrepareForImages(const std::string& preprocessing) {
  const auto mode = ParsePreprocessing(preprocessing);
  if (!mode) {
    throw InputError("preprocessing '" + Printable(preprocessing) + "' is not known");
  }
  if (description_.inputs.size() == 1 && description_.inputs[0].type == ElementType::kFloat) {
    image_layout_ = ImageLayoutOf(description_.inputs[0].shape);
  }
  if (!image_layout_) throw InputError("it has no single input that an image fits");
  preprocessing_ = *mode;
  description_.takes_image = true;
}

char* ModelRunner::Room(std::string& memory, const TensorSpec& spec) {
  memory.resize(static_cast<std::size_t>(spec.ByteCount()));
  return memory.data();
}

const char* ModelRunner::UnpackImage(std::size_t index, std::string_view image) {
  const TensorSpec& spec = description_.inputs[index];
  if (!image_layout_) throw InputError("takes no image");
  const std::vector<float> values =
      ImageTensor(DecodePicture("the image", image), *image_layout_, preprocessing_);
  char* room = Room(unpacked_inputs_[index], spec);
  std::memcpy(room, values.data(), values.size() * sizeof(float));
  return room;
}

const char* ModelRunner::Unpack(std::size_t index, const PackedInput& input, const char* packed) {
  const TensorSpec& spec = description_.inputs[index];
  const auto bytes = static_cast<std::size_t>(spec.ByteCount());
  try {
    if (input.is_image) return UnpackImage(index, {packed, input.bytes});
    if (input.codec == Codec::kNone && input.bytes == bytes) return packed;
    char* room = Room(unpacked_inputs_[index], spec);
    Decode(input.codec, spec.type, {packed, input.bytes}, room, bytes);
    return room;
  } catch (const InputError& error) {
    throw InputError(Shown("input", spec), error.what());
  }
}

Session::Binding& ModelRunner::BindingOf(int slot) {
  const auto index = static_cast<std::size_t>(slot);
  while (bindings_.size() <= index) bindings_.push_back(session_->MakeBinding());
  return bindings_[index];
}

void ModelRunner::PlaceOutputs(Session::Binding& binding, Codec codec, const SharedMemory& slot) {
  for (std::size_t i = 0; i < description_.outputs.size(); ++i) {
    const TensorSpec& spec = description_.outputs[i];
    if (spec.is_dynamic) continue;
    const bool is_packed = Usable(codec, spec.type) != Codec::kNone;
    binding.PlaceOutput(
        i, is_packed ? Room(raw_outputs_[i], spec) : slot.data() + layout_.outputs[i].offset);
  }
}

PackedOutput ModelRunner::Pack(std::size_t index, Codec codec, const SharedMemory& slot) {
  const TensorSpec& spec = description_.outputs[index];
  const std::size_t offset = layout_.outputs[index].offset;
  const std::size_t bytes =
      codec == Codec::kNone  // then it lies there
          ? static_cast<std::size_t>(spec.ByteCount())
          : Encode(codec, spec.type, raw_outputs_[index], slot.data() + offset);
  return {offset, bytes, spec.shape, codec};
}

PackedOutput ModelRunner::PackDynamic(std::size_t index, const Session::Binding& binding,
                                      Codec codec, SharedMemory& slot, std::size_t& end) {
  const auto [spec, values] = session_->Output(binding, index);
  RequireTensor("output", spec);
  const std::size_t offset = Aligned(end);
  if (values.size() > kDynamicRoom ||
      offset + MaxEncodedBytes(codec, values.size()) > layout_.room) {
    throw InputError(Shown("output", spec),
                     "became " + ToText(spec.shape) + ", which is too large to be sent");
  }
  slot.Grow(offset + MaxEncodedBytes(codec, values.size()));
  const std::size_t bytes = Encode(codec, spec.type, values, slot.data() + offset);
  end = offset + bytes;
  return {offset, bytes, spec.shape, codec};
}

/// The inputs have the sizes that the model asks for: what the engine says then is not the
/// request's fault.
void ModelRunner::Infer(Session::Binding& binding) {
  try {
    session_->Run(binding);
  } catch (const InputError& error) {
    throw EngineError(error.what());
  }
}

RunOutcome ModelRunner::Run(const RunMessage& request, SharedMemory& slot) {
  RequireFitting(request, description_, layout_);
  Session::Binding& binding = BindingOf(request.slot);
  const auto start = Clock::now();
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    const char* packed = slot.data() + layout_.inputs[i].offset;
    binding.PlaceInput(i, Unpack(i, request.inputs[i], packed));
  }
  const auto unpacked = Clock::now();
  PlaceOutputs(binding, request.output_codec, slot);
  const auto placed = Clock::now();
  Infer(binding);
  const auto computed = Clock::now();
  RunOutcome outcome;
  if (request.computes_twice) Infer(binding);
  outcome.alone = Clock::now() - computed;
  const auto finished = Clock::now();
  std::size_t end = layout_.fixed_bytes;
  for (std::size_t i = 0; i < description_.outputs.size(); ++i) {
    const TensorSpec& spec = description_.outputs[i];
    const Codec codec = Usable(request.output_codec, spec.type);
    outcome.outputs.push_back(spec.is_dynamic ? PackDynamic(i, binding, codec, slot, end)
                                              : Pack(i, codec, slot));
  }
  outcome.unpack = unpacked - start;
  outcome.compute = computed - placed;
  outcome.pack = Clock::now() - finished;
  return outcome;
}

ProbeRunner::ProbeRunner() {
  description_.is_probe = true;
  description_.inputs = {{"data", ElementType::kUint8, {1}, /*is_dynamic=*/true}};
  description_.outputs = {{"count", ElementType::kInt64, {1}}};
  layout_ = LayOut(description_);
}

RunOutcome ProbeRunner::Run(const RunMessage& request, SharedMemory& slot) {
  RequireFitting(request, description_, layout_);
  const auto count = static_cast<std::int64_t>(request.inputs[0].bytes);
  const SlotArea& area = layout_.outputs[0];
  std::memcpy(slot.data() + area.offset, &count, sizeof(count));
  const auto begin = std::chrono::steady_clock::now();
  caches_.Fill();
  const Seconds compute = std::chrono::steady_clock::now() - begin;
  return {.outputs = {{area.offset, sizeof(count), {1}, Codec::kNone}}, .compute = compute};
}

}  // namespace scission
