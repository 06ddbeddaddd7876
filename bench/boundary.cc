// What a stage's boundary costs beyond the bytes: a message to a worker's probe (gRPC, shared
// memory, the wake-up of the segment's process, the answer) against the same bytes through a raw
// TCP connection between two processes, in turns.
//   boundary ADDRESS      (of a worker on this machine)
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <thread>

#include "base/cache_filler.h"
#include "base/statistics.h"
#include "worker/probe.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTurns = 20;
constexpr int kRounds = 10;  ///< in each turn
/// Before each message, as ProbeLink has it: what sleeps takes longer to answer. Caches are full of
/// other things then, for the same reason.
constexpr std::chrono::milliseconds kPause(5);

void Check(bool is_good, const char* what) {
  if (!is_good) throw std::runtime_error(what);
}

void SendAll(int socket, const char* data, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t count = send(socket, data, bytes, MSG_NOSIGNAL);
    Check(count > 0, "send");
    data += count;
    bytes -= static_cast<std::size_t>(count);
  }
}

bool ReceiveAll(int socket, char* data, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t count = recv(socket, data, bytes, 0);
    if (count <= 0) return false;
    data += count;
    bytes -= static_cast<std::size_t>(count);
  }
  return true;
}

int NewSocket() {
  const int made = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return made;
}

/// Another process that answers eight bytes to each message, whose size comes before it.
[[noreturn]] void Answer(int socket) {
  std::string data(16 << 20, '\0');
  CacheFiller caches;
  std::size_t bytes = 0;
  while (ReceiveAll(socket, reinterpret_cast<char*>(&bytes), sizeof(bytes)) &&
         ReceiveAll(socket, data.data(), bytes)) {
    SendAll(socket, reinterpret_cast<const char*>(&bytes), sizeof(bytes));
    caches.Fill();
  }
  _exit(0);
}

/// Made before gRPC has threads.
int ConnectRaw() {
  const int listener = NewSocket();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  Check(bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
  Check(listen(listener, 1) == 0, "listen");
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  if (fork() == 0) Answer(accept(listener, nullptr, nullptr));
  const int made = NewSocket();
  Check(connect(made, reinterpret_cast<sockaddr*>(&address), size) == 0, "connect");
  return made;
}

double RawSeconds(int socket, const std::string& data, std::size_t bytes, CacheFiller& caches) {
  std::this_thread::sleep_for(kPause);
  caches.Fill();
  const auto begin = Clock::now();
  SendAll(socket, reinterpret_cast<const char*>(&bytes), sizeof(bytes));
  SendAll(socket, data.data(), bytes);
  Check(ReceiveAll(socket, reinterpret_cast<char*>(&bytes), sizeof(bytes)), "receive");
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void Measure(const std::string& address) {
  const int socket = ConnectRaw();
  const std::vector<std::int64_t> sizes = {1 << 10, 100'000, 1'000'000, 4'000'000};
  const std::string data(static_cast<std::size_t>(sizes.back()), 'x');
  CacheFiller caches;
  std::map<std::int64_t, std::vector<double>> raw;
  std::map<std::int64_t, std::vector<double>> boundary;
  for (int turn = 0; turn < kTurns; ++turn) {
    for (int round = 0; round < kRounds; ++round) {
      for (const auto bytes : sizes) {
        raw[bytes].push_back(RawSeconds(socket, data, static_cast<std::size_t>(bytes), caches));
      }
    }
    ProbeLink(
        "worker", address, {}, sizes, kRounds, [] { return false; },
        [&](std::int64_t bytes, double seconds) { boundary[bytes].push_back(seconds); });
  }
  fmt::print("{:>10} {:>12} {:>14} {:>14}\n", "bytes", "raw ms", "boundary ms", "difference ms");
  for (const auto bytes : sizes) {
    const double raw_ms = Median(raw[bytes]) * 1e3;
    const double boundary_ms = Median(boundary[bytes]) * 1e3;
    fmt::print("{:>10} {:>12.3f} {:>14.3f} {:>14.3f}\n", bytes, raw_ms, boundary_ms,
               boundary_ms - raw_ms);
  }
}

}  // namespace
}  // namespace scission

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: boundary ADDRESS\n");
    return 2;
  }
  try {
    scission::Measure(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "boundary: %s\n", error.what());
    return 1;
  }
}
