#include "deploy/triton.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

/// Null for types that Triton's ONNX Runtime backend does not know (bfloat16 among them).
const char* DataType(ElementType type) {
  switch (type) {
    case ElementType::kBool:
      return "TYPE_BOOL";
    case ElementType::kUint8:
      return "TYPE_UINT8";
    case ElementType::kUint16:
      return "TYPE_UINT16";
    case ElementType::kUint32:
      return "TYPE_UINT32";
    case ElementType::kUint64:
      return "TYPE_UINT64";
    case ElementType::kInt8:
      return "TYPE_INT8";
    case ElementType::kInt16:
      return "TYPE_INT16";
    case ElementType::kInt32:
      return "TYPE_INT32";
    case ElementType::kInt64:
      return "TYPE_INT64";
    case ElementType::kFloat16:
      return "TYPE_FP16";
    case ElementType::kFloat:
      return "TYPE_FP32";
    case ElementType::kDouble:
      return "TYPE_FP64";
    case ElementType::kString:
      return "TYPE_STRING";
    default:
      return nullptr;
  }
}

/// A string of protobuf's text format. Bytes above 127 are UTF-8 and stay as they are.
std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (is_control) {
      quoted += fmt::format("\\{:03o}", static_cast<unsigned>(c));
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + '"';
}

/// Triton has no tensors of rank 0: its ONNX Runtime backend takes dims of [ 1 ] for them, and an
/// empty reshape is allowed in models with batches only.
Shape DimsOf(const TensorSpec& spec) {
  if (spec.shape.empty()) return {1};
  return spec.is_dynamic ? Shape(spec.shape.size(), -1) : spec.shape;
}

std::string TensorText(const std::string& kind, const TensorSpec& spec) {
  return fmt::format("{} {{\n  name: {}\n  data_type: {}\n  dims: [ {} ]\n}}\n", kind,
                     Quoted(spec.name), DataType(spec.type), fmt::join(DimsOf(spec), ", "));
}

std::string TensorTexts(const std::vector<TensorSpec>& inputs,
                        const std::vector<TensorSpec>& outputs) {
  std::string text;
  for (const TensorSpec& spec : inputs) text += TensorText("input", spec);
  for (const TensorSpec& spec : outputs) text += TensorText("output", spec);
  return text;
}

std::string ModelText(const std::string& name, const SegmentTensors& tensors) {
  return fmt::format(
             "name: {}\nplatform: \"onnxruntime_onnx\"\nbackend: \"onnxruntime\"\n"
             "max_batch_size: 0\n",
             Quoted(name)) +
         TensorTexts(tensors.inputs, tensors.outputs) +
         "instance_group {\n  count: 1\n  kind: KIND_CPU\n}\n";
}

/// In the ensemble every tensor has the name that it has in the model.
std::string MapText(const std::string& kind, const std::vector<TensorSpec>& specs) {
  std::string text;
  for (const TensorSpec& spec : specs) {
    text += fmt::format("    {0} {{\n      key: {1}\n      value: {1}\n    }}\n", kind,
                        Quoted(spec.name));
  }
  return text;
}

/// `model_version` must be given: its default is version 0, which there is not.
std::string StepText(const std::string& name, const SegmentTensors& tensors) {
  return fmt::format("  step {{\n    model_name: {}\n    model_version: -1\n{}{}  }}\n",
                     Quoted(name), MapText("input_map", tensors.inputs),
                     MapText("output_map", tensors.outputs));
}

/// What comes from outside: an ensemble may not have inputs that no step reads.
std::vector<TensorSpec> EnsembleInputs(const std::vector<SegmentTensors>& segments) {
  std::set<std::string> known;
  std::vector<TensorSpec> inputs;
  for (const SegmentTensors& segment : segments) {
    for (const TensorSpec& spec : segment.inputs) {
      if (known.insert(spec.name).second) inputs.push_back(spec);
    }
    for (const TensorSpec& spec : segment.outputs) known.insert(spec.name);
  }
  return inputs;
}

void RequireServable(const std::string& model, const std::vector<TensorSpec>& specs) {
  for (const TensorSpec& spec : specs) {
    const auto place = fmt::format("{}: tensor '{}'", model, Printable(spec.name, 100));
    if (DataType(spec.type) == nullptr) {
      throw InputError(place, "Triton's ONNX Runtime backend does not know " + ToText(spec.type));
    }
    if (!spec.is_dynamic && ElementCount(spec.shape, place) == 0) {
      throw InputError(place, "has no elements, which Triton does not allow");
    }
  }
}

std::vector<TensorSpec> ModelOutputs(const Graph& graph) {
  std::vector<TensorSpec> outputs;
  for (const int output : graph.outputs) {
    outputs.push_back(graph.activations[static_cast<std::size_t>(output)].spec);
  }
  return outputs;
}

void RequireServable(const Model& model, const std::vector<SegmentTensors>& segments) {
  std::set<std::string> written;
  for (const SegmentTensors& segment : segments) {
    RequireServable(model.name(), segment.inputs);
    RequireServable(model.name(), segment.outputs);
    if (segment.inputs.empty()) {
      throw InputError(model.name(), "a segment has no inputs, which Triton does not allow");
    }
    for (const TensorSpec& spec : segment.outputs) written.insert(spec.name);
  }
  for (const TensorSpec& output : ModelOutputs(model.graph())) {
    if (written.contains(output.name)) continue;
    throw InputError(model.name(), "its output '" + Printable(output.name, 100) +
                                       "' is also its input, which Triton does not allow");
  }
}

/// A model of several files is a folder of its own.
void WriteModelFile(const Model& model, LayerRange layers, const fs::path& version,
                    std::size_t max_onnx_bytes) {
  const fs::path file = version / "model.onnx";
  WriteSegment(model, layers, file, max_onnx_bytes);
  if (!fs::exists(DataFileOf(file))) return;
  const fs::path folder = version / "folder";
  fs::create_directory(folder);
  for (const fs::path& part : {file, DataFileOf(file)}) {
    fs::rename(part, folder / part.filename());
  }
  fs::rename(folder, file);
}

}  // namespace

std::string TritonName(const std::string& name) {
  std::string plain = name.substr(0, 100);
  for (char& c : plain) {
    const bool is_kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (!is_kept) c = '_';
  }
  if (plain.empty() || plain[0] == '.') plain.insert(0, "_");
  return plain;
}

void WriteTritonRepository(const Model& model, const std::vector<PlannedSegment>& segments,
                           const fs::path& folder, std::size_t max_onnx_bytes) {
  const std::vector<SegmentTensors> tensors = TensorsOf(model, segments);
  RequireServable(model, tensors);
  const std::string ensemble = TritonName(model.name());
  std::string steps;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string name = ensemble + "-" + SegmentName(i, segments[i].layers);
    fs::create_directories(folder / name / "1");
    WriteModelFile(model, segments[i].layers, folder / name / "1", max_onnx_bytes);
    WriteFileAtomically(folder / name / "config.pbtxt", ModelText(name, tensors[i]));
    steps += StepText(name, tensors[i]);
  }
  fs::create_directories(folder / ensemble / "1");  // empty, but Triton wants a version
  WriteFileAtomically(
      folder / ensemble / "config.pbtxt",
      fmt::format("name: {}\nplatform: \"ensemble\"\nmax_batch_size: 0\n", Quoted(ensemble)) +
          TensorTexts(EnsembleInputs(tensors), ModelOutputs(model.graph())) +
          "ensemble_scheduling {\n" + steps + "}\n");
}

}  // namespace scission
