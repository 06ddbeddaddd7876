#include "engine/ort_values.h"

namespace scission {

bool IsStatic(const TensorSpec& spec) { return BitsPerElement(spec.type) > 0 && !spec.is_dynamic; }

const Ort::MemoryInfo& CpuMemory() {
  static const Ort::MemoryInfo kInfo =
      Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  return kInfo;
}

Ort::Value Wrap(const TensorSpec& spec, const char* data, std::size_t size) {
  return Ort::Value::CreateTensor(CpuMemory(), const_cast<char*>(data), size, spec.shape.data(),
                                  spec.shape.size(),
                                  static_cast<ONNXTensorElementDataType>(spec.type));
}

TensorSpec SpecOf(const std::string& name, const Ort::Value& value) {
  if (!value.IsTensor()) return {name, ElementType::kUnknown, {}};
  const auto info = value.GetTensorTypeAndShapeInfo();
  return {name, static_cast<ElementType>(info.GetElementType()), info.GetShape()};
}

std::string_view DataOf(const Ort::Value& value) {
  const TensorSpec spec = SpecOf("", value);
  if (BitsPerElement(spec.type) == 0) return {};
  return {static_cast<const char*>(value.GetTensorRawData()),
          static_cast<std::size_t>(spec.ByteCount())};
}

TensorValue CopyOf(const std::string& name, const Ort::Value& value) {
  return {SpecOf(name, value), std::string(DataOf(value))};
}

}  // namespace scission
