// For tests only: requests of a segment's process in one call.
#pragma once

#include <onnx/onnx_pb.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "runner/segment_process.h"

namespace scission::testing {

inline Deadline In(double seconds) {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::nanoseconds>(Seconds(seconds));
}

/// Long enough for a busy machine and a sanitizer.
inline Deadline Soon() { return In(60); }

inline std::filesystem::path WriteModel(const TemporaryFolder& folder,
                                        const onnx::ModelProto& model) {
  const auto file = folder.path() / "model.onnx";
  WriteFileAtomically(file, model.SerializeAsString());
  return file;
}

template <typename T>
std::string BytesOf(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

template <typename T>
std::vector<T> ValuesOf(const std::string& bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

/// Puts `value`, packed by `codec`, into the slot.
inline PackedInput Put(SegmentProcess& process, int slot, std::size_t index,
                       const std::string& value, Codec codec = Codec::kNone) {
  char* place = process.Input(slot, index, MaxEncodedBytes(codec, value.size()));
  return {Encode(codec, process.inputs().at(index).type, value, place), codec};
}

/// The values of output `index`, unpacked.
inline TensorValue Take(const SegmentProcess& process, int slot, const RunOutcome& outcome,
                        std::size_t index = 0) {
  const PackedOutput& output = outcome.outputs.at(index);
  TensorValue value{process.outputs().at(index), {}};
  value.spec.shape = output.shape;
  value.data.resize(static_cast<std::size_t>(value.spec.ByteCount()));
  Decode(output.codec, value.spec.type, {process.Slot(slot) + output.offset, output.bytes},
         value.data.data(), value.data.size());
  return value;
}

/// One request of a model with one input, from its start to its end.
inline TensorValue Serve(SegmentProcess& process, const std::string& value, int slot = 0,
                         Deadline deadline = Soon()) {
  process.Start(slot, {Put(process, slot, 0, value)}, Codec::kNone, deadline);
  return Take(process, slot, process.Wait(deadline));
}

}  // namespace scission::testing
