// The child process of a segment.
#pragma once

#include <sys/types.h>

#include <string>

#include "runner/packet_socket.h"

namespace scission {

/// This program, running as `scission segment-runner`. No fork: the program that starts it may have
/// threads. SIGINT, SIGTERM and SIGHUP are blocked in it, as its parent decides when it ends; it
/// also ends when this end of its socket does.
class RunnerProcess {
 public:
  /// Throws std::runtime_error where the system starts no more processes.
  RunnerProcess();
  /// Kills it.
  ~RunnerProcess();
  RunnerProcess(const RunnerProcess&) = delete;
  RunnerProcess& operator=(const RunnerProcess&) = delete;

  PacketSocket& socket() { return socket_; }
  /// Kills it if it is still there, and waits for its end. "was killed: Segmentation fault", "ended
  /// with exit code 1".
  std::string End();

 private:
  explicit RunnerProcess(std::pair<PacketSocket, PacketSocket> sockets);

  PacketSocket socket_;
  pid_t process_ = -1;
};

}  // namespace scission
