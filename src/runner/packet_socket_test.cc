#include "runner/packet_socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <thread>

#include "runner/shared_memory.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;
using Status = PacketSocket::Status;

TEST(PacketSocket, KeepsPacketsApart) {
  auto [a, b] = PacketSocket::MakePair();
  const std::string longest(kMaxPacketBytes, 'x');
  EXPECT_TRUE(a.Send("one"));
  EXPECT_TRUE(a.Send(longest));
  ASSERT_EQ(b.Receive(std::nullopt), Status::kPacket);
  EXPECT_EQ(b.packet(), "one");
  ASSERT_EQ(b.Receive(std::nullopt), Status::kPacket);
  EXPECT_EQ(b.packet(), longest);
  EXPECT_THROW(a.Send(longest + "x"), std::runtime_error);
}

TEST(PacketSocket, WaitsUntilTheDeadline) {
  auto [a, b] = PacketSocket::MakePair();
  const auto start = Clock::now();
  EXPECT_EQ(b.Receive(start + std::chrono::milliseconds(30)), Status::kTimeout);
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(30));
  EXPECT_EQ(b.Receive(start), Status::kTimeout);  // passed before
  a.Send("there");
  EXPECT_EQ(b.Receive(start), Status::kPacket);  // no wait is needed
  std::jthread later([&a = a] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    a.Send("late");
  });
  EXPECT_EQ(b.Receive(Clock::time_point::max()), Status::kPacket);
}

TEST(PacketSocket, GivesWhatWasSentBeforeTheOtherEndWasClosed) {
  auto [a, b] = PacketSocket::MakePair();
  std::optional<PacketSocket> other(std::move(a));
  b.Send("that it never read: its end resets the connection");
  other->Send("last words");
  other.reset();
  ASSERT_EQ(b.Receive(std::nullopt), Status::kPacket);
  EXPECT_EQ(b.packet(), "last words");
  EXPECT_EQ(b.Receive(std::nullopt), Status::kClosed);
  EXPECT_FALSE(b.Send("x"));
}

TEST(PacketSocket, NeverWaitsToSend) {
  auto [a, b] = PacketSocket::MakePair();
  const std::string packet(kMaxPacketBytes, 'x');
  EXPECT_THROW(for (int i = 0; i < 1000; ++i) a.Send(packet), std::runtime_error);
}

TEST(SharedMemory, IsTheSameAtBothEndsAndGrows) {
  auto [a, b] = PacketSocket::MakePair();
  constexpr std::size_t kRoom = std::size_t{1} << 30;
  SharedMemory here(100, kRoom);
  const int descriptor = here.descriptor();
  a.Send("memory", {&descriptor, 1});
  ASSERT_EQ(b.Receive(std::nullopt), Status::kPacket);
  const std::vector<int> descriptors = b.TakeDescriptors();
  ASSERT_EQ(descriptors.size(), 1u);
  EXPECT_NE(::fcntl(descriptors[0], F_GETFD) & FD_CLOEXEC, 0);
  SharedMemory there(descriptors[0], 100, kRoom);
  there.data()[99] = 'x';
  EXPECT_EQ(here.data()[99], 'x');
  there.Grow(1'000'000);
  EXPECT_EQ(here.Size(), 1'000'000u);
  there.data()[999'999] = 'y';
  EXPECT_EQ(here.data()[999'999], 'y');
  there.Grow(10);
  EXPECT_EQ(here.Size(), 1'000'000u);
  EXPECT_NE(::ftruncate(there.descriptor(), 10), 0);  // or reading it here would kill us
  EXPECT_THROW(SharedMemory(::dup(descriptor), 1'000'001, kRoom), std::runtime_error);
}

}  // namespace
}  // namespace scission
