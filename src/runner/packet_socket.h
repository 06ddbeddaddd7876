// Packets between two processes of one machine.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace scission {

/// The longest packet.
inline constexpr std::size_t kMaxPacketBytes = std::size_t{64} << 10;

/// One end of a pair of connected sockets that keep packets apart. Owns its descriptor, and what it
/// received of them until they are taken.
class PacketSocket {
 public:
  /// Both ends, which no other program inherits.
  static std::pair<PacketSocket, PacketSocket> MakePair();

  /// Takes over `descriptor`.
  explicit PacketSocket(int descriptor);
  ~PacketSocket();
  PacketSocket(PacketSocket&& other) noexcept;
  PacketSocket& operator=(PacketSocket&& other) = delete;

  int descriptor() const { return descriptor_; }

  /// Sends `packet`, and `descriptors` with it, of which the other end gets copies. Never waits.
  /// False where the other end is gone; throws std::runtime_error where the packet is too long or
  /// too many wait.
  bool Send(std::string_view packet, std::span<const int> descriptors = {});

  enum class Status { kPacket, kClosed, kTimeout };
  /// Waits for a packet, until `deadline` if there is one. What the other end sent before it was
  /// closed still arrives.
  Status Receive(std::optional<std::chrono::steady_clock::time_point> deadline);
  /// The packet that was received last; until the next Receive().
  std::string_view packet() const { return {buffer_.data(), size_}; }
  /// The descriptors that came with it, which are now the caller's.
  std::vector<int> TakeDescriptors() { return std::exchange(descriptors_, {}); }

 private:
  /// False where it is to be tried again.
  bool TryReceive(Status& status);

  int descriptor_ = -1;
  std::vector<char> buffer_;
  std::size_t size_ = 0;
  std::vector<int> descriptors_;
};

}  // namespace scission
