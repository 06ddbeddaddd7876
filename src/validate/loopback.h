// A TCP connection of this machine with itself.
#pragma once

#include <string>
#include <string_view>

namespace scission {

/// Both ends of a TCP connection on 127.0.0.1, at a port that the system chooses. Nobody else can
/// be at the other end.
class Loopback {
 public:
  /// Throws std::runtime_error where the system has no sockets to give.
  Loopback();
  ~Loopback();
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;

  /// Sends `data` from one end and receives it into `received` at the other, of the same size.
  void Transfer(std::string_view data, std::string& received);

 private:
  int sender_ = -1;
  int receiver_ = -1;
};

}  // namespace scission
