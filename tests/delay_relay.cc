// A TCP relay that holds every byte back for a fixed time, in both directions: the propagation
// delay of a link, for kernels without netem.
//   delay_relay LISTEN_PORT TARGET_ADDRESS TARGET_PORT DELAY_MS
// It works on the stream: it models no loss, no jitter, and not what delay does to TCP itself (slow
// start, windows), as the two connections beside it know nothing of the delay. Bandwidth is left to
// `tc tbf`.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <list>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kChunkBytes = 64 << 10;
constexpr std::size_t kMaxHeldBytes = 64 << 20;

struct Chunk {
  Clock::time_point due;
  std::string data;
  std::size_t sent = 0;
};

/// One direction of a connection.
struct Pipe {
  int from = -1;
  int to = -1;
  std::deque<Chunk> held;
  std::size_t held_bytes = 0;
  bool has_ended = false;  ///< `from` has, and so does `to` when all is sent
  bool is_done = false;
};

struct Connection {
  Pipe there;
  Pipe back;
};

void SendAtOnce(int descriptor) {
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

sockaddr_in AddressOf(const char* host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET, host, &address.sin_addr);
  return address;
}

void Read(Pipe& pipe, Clock::duration delay) {
  std::string data(kChunkBytes, '\0');
  const ssize_t count = recv(pipe.from, data.data(), data.size(), MSG_DONTWAIT);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) {
    pipe.has_ended = true;
    return;
  }
  data.resize(static_cast<std::size_t>(count));
  pipe.held_bytes += data.size();
  pipe.held.push_back({Clock::now() + delay, std::move(data)});
}

void Write(Pipe& pipe) {
  while (!pipe.held.empty() && pipe.held.front().due <= Clock::now()) {
    Chunk& chunk = pipe.held.front();
    const ssize_t count = send(pipe.to, chunk.data.data() + chunk.sent,
                               chunk.data.size() - chunk.sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0) {
      pipe.has_ended = true;
      pipe.held.clear();
      break;
    }
    chunk.sent += static_cast<std::size_t>(count);
    if (chunk.sent < chunk.data.size()) return;
    pipe.held_bytes -= chunk.data.size();
    pipe.held.pop_front();
  }
  if (!pipe.has_ended || !pipe.held.empty() || pipe.is_done) return;
  shutdown(pipe.to, SHUT_WR);
  pipe.is_done = true;
}

class Relay {
 public:
  Relay(int port, sockaddr_in target, Clock::duration delay) : target_(target), delay_(delay) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    const sockaddr_in any = AddressOf("0.0.0.0", port);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&any), sizeof(any)) != 0 ||
        listen(listener_, 64) != 0) {
      std::perror("delay_relay");
      std::exit(1);
    }
  }

  [[noreturn]] void Run() {
    while (true) Step();
  }

 private:
  void Step() {
    std::vector<pollfd> waits = {{listener_, POLLIN, 0}};
    std::vector<Pipe*> pipes;
    auto next_due = Clock::now() + std::chrono::seconds(1);
    for (Connection& connection : connections_) {
      for (Pipe* pipe : {&connection.there, &connection.back}) {
        const bool reads = !pipe->has_ended && pipe->held_bytes < kMaxHeldBytes;
        const bool writes = !pipe->held.empty() && pipe->held.front().due <= Clock::now();
        if (!pipe->held.empty() && !writes) next_due = std::min(next_due, pipe->held.front().due);
        waits.push_back({reads ? pipe->from : -1, POLLIN, 0});
        waits.push_back({writes ? pipe->to : -1, POLLOUT, 0});
        pipes.push_back(pipe);
      }
    }
    Wait(waits, next_due);
    for (std::size_t i = 0; i < pipes.size(); ++i) {
      if (waits[2 * i + 1].revents != 0) Read(*pipes[i], delay_);
      Write(*pipes[i]);
    }
    if (waits[0].revents != 0) Accept();
    CloseDone();
  }

  static void Wait(std::vector<pollfd>& waits, Clock::time_point until) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(until - Clock::now());
    const long nanoseconds = std::max<long>(0, left.count());
    const timespec timeout{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
    ppoll(waits.data(), waits.size(), &timeout, nullptr);
  }

  void Accept() {
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    const int server = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(server, reinterpret_cast<const sockaddr*>(&target_), sizeof(target_)) != 0) {
      close(client);
      close(server);
      return;
    }
    SendAtOnce(client);
    SendAtOnce(server);
    Connection& connection = connections_.emplace_back();
    connection.there.from = connection.back.to = client;
    connection.there.to = connection.back.from = server;
  }

  void CloseDone() {
    connections_.remove_if([](const Connection& connection) {
      if (!connection.there.is_done || !connection.back.is_done) return false;
      close(connection.there.from);
      close(connection.there.to);
      return true;
    });
  }

  int listener_;
  sockaddr_in target_;
  Clock::duration delay_;
  std::list<Connection> connections_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: delay_relay LISTEN_PORT TARGET_ADDRESS TARGET_PORT DELAY_MS\n");
    return 2;
  }
  const auto delay = std::chrono::duration<double, std::milli>(std::atof(argv[4]));
  Relay relay(std::atoi(argv[1]), AddressOf(argv[2], std::atoi(argv[3])),
              std::chrono::duration_cast<Clock::duration>(delay));
  relay.Run();
}
