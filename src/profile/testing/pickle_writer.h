// For tests only: writes pickles as Python writes the original tool's profiles (protocol 3).
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace scission::testing {

inline std::string LittleEndian32(std::uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

inline std::string TextOp(const std::string& text) {
  return "X" + LittleEndian32(static_cast<std::uint32_t>(text.size())) + text;
}

inline std::string IntOp(std::int32_t value) {
  return "J" + LittleEndian32(static_cast<std::uint32_t>(value));
}

inline std::string FloatOp(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  std::string bytes = LittleEndian32(static_cast<std::uint32_t>(bits)) +
                      LittleEndian32(static_cast<std::uint32_t>(bits >> 32));
  std::reverse(bytes.begin(), bytes.end());
  return "G" + bytes;
}

/// `time` is any value's opcodes.
inline std::string BlockOp(int first_layer, int last_layer, const std::string& time,
                           int output_bytes) {
  return "c__main__\nLayerBenchmark\n)\x81}(" + TextOp("input_layer") + IntOp(first_layer) +
         TextOp("output_layer") + IntOp(last_layer) + TextOp("second_prediction") + time +
         TextOp("output_size") + IntOp(output_bytes) + "ub";
}

/// A whole file: a dictionary from model to the blocks given as opcodes.
inline std::string ProfileFile(
    const std::vector<std::pair<std::string, std::vector<std::string>>>& models) {
  std::string bytes = "\x80\x03}(";
  for (const auto& [model, blocks] : models) {
    bytes += TextOp(model) + "](";
    for (const std::string& block : blocks) bytes += block;
    bytes += "e";
  }
  return bytes + "u.";
}

}  // namespace scission::testing
