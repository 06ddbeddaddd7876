#include "deploy/testing/run_file.h"

#include <onnxruntime_cxx_api.h>

namespace scission::testing {
namespace {

Ort::Value Wrap(const TensorValue& value) {
  return Ort::Value::CreateTensor(Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault),
                                  const_cast<char*>(value.data.data()), value.data.size(),
                                  value.spec.shape.data(), value.spec.shape.size(),
                                  static_cast<ONNXTensorElementDataType>(value.spec.type));
}

TensorValue Unwrap(const std::string& name, const Ort::Value& value) {
  const auto info = value.GetTensorTypeAndShapeInfo();
  TensorValue copy{{name, static_cast<ElementType>(info.GetElementType()), info.GetShape()}, {}};
  copy.data.assign(static_cast<const char*>(value.GetTensorRawData()),
                   static_cast<std::size_t>(copy.spec.ByteCount()));
  return copy;
}

std::vector<const char*> Pointers(const std::vector<std::string>& names) {
  std::vector<const char*> pointers;
  for (const std::string& name : names) pointers.push_back(name.c_str());
  return pointers;
}

}  // namespace

TensorMap RunFile(const std::filesystem::path& file, const TensorMap& values) {
  static Ort::Env environment(ORT_LOGGING_LEVEL_ERROR, "test");
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(1);
  Ort::Session session(environment, file.c_str(), options);
  std::vector<std::string> names;
  std::vector<Ort::Value> inputs;
  for (const auto& [name, value] : values) {
    names.push_back(name);
    inputs.push_back(Wrap(value));
  }
  std::vector<std::string> output_names;
  Ort::AllocatorWithDefaultOptions allocator;
  for (std::size_t i = 0; i < session.GetOutputCount(); ++i) {
    output_names.emplace_back(session.GetOutputNameAllocated(i, allocator).get());
  }
  const auto outputs =
      session.Run(Ort::RunOptions(), Pointers(names).data(), inputs.data(), inputs.size(),
                  Pointers(output_names).data(), output_names.size());
  TensorMap result;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    result[output_names[i]] = Unwrap(output_names[i], outputs[i]);
  }
  return result;
}

}  // namespace scission::testing
