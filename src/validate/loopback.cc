#include "validate/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace scission {
namespace {

int Checked(int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), "loopback connection");
  return result;
}

/// A descriptor that is closed unless it is taken.
class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(Checked(descriptor)) {}
  ~Socket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int get() const { return descriptor_; }
  int Take() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

int NewSocket() { return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }

bool IsSame(const sockaddr_in& a, const sockaddr_in& b) {
  return a.sin_port == b.sin_port && a.sin_addr.s_addr == b.sin_addr.s_addr;
}

using Naming = int (*)(int, sockaddr*, socklen_t*);

sockaddr_in NameOf(int descriptor, Naming naming) {
  sockaddr_in name{};
  socklen_t size = sizeof(name);
  Checked(naming(descriptor, reinterpret_cast<sockaddr*>(&name), &size));
  return name;
}

/// What could be moved now, 0 where the other end has to act first.
std::size_t Moved(ssize_t count) {
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  if (count < 0) Checked(-1);
  return static_cast<std::size_t>(count);
}

}  // namespace

Loopback::Loopback() {
  const Socket listener(NewSocket());
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Checked(bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)));
  Checked(listen(listener.get(), 1));
  address = NameOf(listener.get(), getsockname);
  Socket sender(NewSocket());
  Checked(connect(sender.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)));
  Socket receiver(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!IsSame(NameOf(receiver.get(), getpeername), NameOf(sender.get(), getsockname))) {
    throw std::runtime_error("loopback connection: somebody else was faster");
  }
  const int on = 1;
  Checked(setsockopt(sender.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
  sender_ = sender.Take();
  receiver_ = receiver.Take();
}

Loopback::~Loopback() {
  close(sender_);
  close(receiver_);
}

void Loopback::Transfer(std::string_view data, std::string& received) {
  assert(data.size() == received.size());
  std::size_t sent = 0;
  std::size_t arrived = 0;
  // One thread plays both ends, each as far as it gets: the machine's other threads stay asleep.
  while (arrived < data.size()) {
    if (sent < data.size()) {
      sent +=
          Moved(send(sender_, data.data() + sent, data.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL));
    } else {
      pollfd readable{receiver_, POLLIN, 0};
      Checked(poll(&readable, 1, -1));
    }
    arrived +=
        Moved(recv(receiver_, received.data() + arrived, data.size() - arrived, MSG_DONTWAIT));
  }
}

}  // namespace scission
