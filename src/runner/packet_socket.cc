#include "runner/packet_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxDescriptors = 64;

[[noreturn]] void Fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

/// Beyond the standard ones, where a process that runs without those would have it.
int MoveUp(int descriptor) {
  constexpr int kFirst = 4;
  const int moved = ::fcntl(descriptor, F_DUPFD_CLOEXEC, kFirst);
  ::close(descriptor);
  if (moved < 0) Fail("cannot copy a descriptor");
  return moved;
}

/// Waits until there is something to read, but not past `deadline`; false where it passed.
bool WaitUntilReadable(int descriptor, std::optional<Clock::time_point> deadline) {
  constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(1);
  pollfd entry{descriptor, POLLIN, 0};
  while (true) {
    const auto now = Clock::now();
    const auto left = deadline ? std::min<Clock::duration>(*deadline - now, kLongest) : kLongest;
    const auto wait = std::max<Clock::duration>(left, Clock::duration::zero()).count();
    const timespec timeout{wait / 1'000'000'000, wait % 1'000'000'000};
    const int ready = ::ppoll(&entry, 1, &timeout, nullptr);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) Fail("cannot wait for a message");
    if (deadline && Clock::now() >= *deadline) return false;
  }
}

}  // namespace

std::pair<PacketSocket, PacketSocket> PacketSocket::MakePair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    Fail("cannot make a socket");
  }
  PacketSocket first(ends[0]);
  PacketSocket second(ends[1]);
  first.descriptor_ = MoveUp(std::exchange(first.descriptor_, -1));
  second.descriptor_ = MoveUp(std::exchange(second.descriptor_, -1));
  return {std::move(first), std::move(second)};
}

PacketSocket::PacketSocket(int descriptor) : descriptor_(descriptor), buffer_(kMaxPacketBytes) {}

PacketSocket::~PacketSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
  for (const int received : descriptors_) ::close(received);
}

PacketSocket::PacketSocket(PacketSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)),
      size_(std::exchange(other.size_, 0)),
      descriptors_(std::exchange(other.descriptors_, {})) {}

bool PacketSocket::Send(std::string_view packet, std::span<const int> descriptors) {
  if (packet.size() > kMaxPacketBytes || descriptors.size() > kMaxDescriptors) {
    throw std::runtime_error("there are too many inputs, outputs or slots for one message");
  }
  iovec part{const_cast<char*>(packet.data()), packet.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMaxDescriptors * sizeof(int))> control{};
  if (!descriptors.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  }
  while (::sendmsg(descriptor_, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
    if (errno == EPIPE || errno == ECONNRESET) return false;
    if (errno != EINTR) Fail("cannot send a message");
  }
  return true;
}

bool PacketSocket::TryReceive(Status& status) {
  iovec part{buffer_.data(), buffer_.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMaxDescriptors * sizeof(int))> control{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size = ::recvmsg(descriptor_, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (size < 0) {
    // A reset is told once; what came before it is still there.
    if (errno == EINTR || errno == EAGAIN || errno == ECONNRESET) return false;
    Fail("cannot receive a message");
  }
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    descriptors_.resize((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    std::memcpy(descriptors_.data(), CMSG_DATA(header), descriptors_.size() * sizeof(int));
  }
  size_ = static_cast<std::size_t>(size);
  status = size > 0 ? Status::kPacket : Status::kClosed;  // no packet is empty
  return true;
}

PacketSocket::Status PacketSocket::Receive(std::optional<Clock::time_point> deadline) {
  Status status = Status::kTimeout;
  while (WaitUntilReadable(descriptor_, deadline)) {
    if (TryReceive(status)) return status;
  }
  return Status::kTimeout;
}

}  // namespace scission
