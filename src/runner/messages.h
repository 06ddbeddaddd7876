// What the two ends of a segment's process say to each other. Both are the same program, so there
// is no version and no byte order.
//
//   parent                          child
//   Load                  ->
//                         <-        Loaded, or Refused and it ends
//   Slots (descriptors)   ->
//   Run                   ->                                          as often as it likes; a
//                         <-        Done or Failed                    second Run may wait in line
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "runner/packet.h"
#include "runner/segment_process.h"

namespace scission {

enum class MessageKind : std::uint32_t { kLoad, kLoaded, kRefused, kSlots, kRun, kDone, kFailed };

struct LoadMessage {
  static constexpr MessageKind kKind = MessageKind::kLoad;
  std::filesystem::path model;
  std::filesystem::path scratch;  ///< a folder that the parent removes once the model is loaded
  EngineOptions engine;
  std::string preprocessing;
  Bytes memory_limit;
  bool is_probe = false;
};

/// What was loaded: what the layout of slots follows from.
struct LoadedMessage {
  static constexpr MessageKind kKind = MessageKind::kLoaded;
  std::vector<TensorSpec> inputs;
  std::vector<TensorSpec> outputs;
  bool takes_image = false;
  bool is_probe = false;
};

struct RefusedMessage {
  static constexpr MessageKind kKind = MessageKind::kRefused;
  std::string text;
};

/// The slots come along as descriptors.
struct SlotsMessage {
  static constexpr MessageKind kKind = MessageKind::kSlots;
};

struct RunMessage {
  static constexpr MessageKind kKind = MessageKind::kRun;
  int slot = 0;
  Codec output_codec = Codec::kNone;
  bool computes_twice = false;
  std::vector<PackedInput> inputs;
};

struct DoneMessage {
  static constexpr MessageKind kKind = MessageKind::kDone;
  RunOutcome outcome;
};

struct FailedMessage {
  static constexpr MessageKind kKind = MessageKind::kFailed;
  std::string text;
  bool is_request_at_fault = false;  ///< its sizes, or what cannot be unpacked
};

template <typename Packet>
void Fields(Packet& packet, EngineOptions& it) {
  packet(it.provider, it.threads, it.cores_of_helpers, it.makes_sessions_lean);
}
template <typename Packet>
void Fields(Packet& packet, TensorSpec& it) {
  packet(it.name, it.type, it.shape, it.is_dynamic);
}
template <typename Packet>
void Fields(Packet& packet, PackedInput& it) {
  packet(it.bytes, it.codec, it.is_image);
}
template <typename Packet>
void Fields(Packet& packet, PackedOutput& it) {
  packet(it.offset, it.bytes, it.shape, it.codec);
}
template <typename Packet>
void Fields(Packet& packet, RunOutcome& it) {
  packet(it.outputs, it.unpack, it.compute, it.alone, it.pack);
}
template <typename Packet>
void Fields(Packet& packet, LoadMessage& it) {
  packet(it.model, it.scratch, it.engine, it.preprocessing, it.memory_limit, it.is_probe);
}
template <typename Packet>
void Fields(Packet& packet, LoadedMessage& it) {
  packet(it.inputs, it.outputs, it.takes_image, it.is_probe);
}
template <typename Packet>
void Fields(Packet& packet, RefusedMessage& it) {
  packet(it.text);
}
template <typename Packet>
void Fields(Packet&, SlotsMessage&) {}
template <typename Packet>
void Fields(Packet& packet, RunMessage& it) {
  packet(it.slot, it.output_codec, it.computes_twice, it.inputs);
}
template <typename Packet>
void Fields(Packet& packet, DoneMessage& it) {
  packet(it.outcome);
}
template <typename Packet>
void Fields(Packet& packet, FailedMessage& it) {
  packet(it.text, it.is_request_at_fault);
}

template <typename Message>
std::string ToPacket(const Message& message) {
  PacketWriter packet;
  packet(Message::kKind, message);
  return packet.bytes();
}

inline MessageKind KindOf(std::string_view packet) {
  MessageKind kind{};
  PacketReader reader(packet);
  reader(kind);
  return kind;
}

/// Throws std::runtime_error where `packet` is no such message.
template <typename Message>
Message FromPacket(std::string_view packet) {
  MessageKind kind{};
  Message message;
  PacketReader reader(packet);
  reader(kind);
  if (kind != Message::kKind) throw std::runtime_error("a message of an unexpected kind");
  reader(message);
  return message;
}

}  // namespace scission
