#include "runner/runner_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "base/child.h"
#include "runner/segment_runner.h"

namespace scission {
namespace {

/// What posix_spawn is told.
class SpawnPlan {
 public:
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  /// The child has standard error, `socket`, and nothing else of ours.
  void SetDescriptors(int socket) {
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, socket, kSegmentRunnerSocket);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, kSegmentRunnerSocket + 1);
  }

  /// From before its first instruction, so that there is no moment in which they end it.
  void BlockSignals() {
    sigset_t blocked;
    ::sigemptyset(&blocked);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&blocked, signal);
    ::posix_spawnattr_setsigmask(&attributes_, &blocked);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }

  pid_t Spawn() {
    std::string name = "scission";
    std::string command = kSegmentRunnerCommand;
    const std::array<char*, 3> arguments = {name.data(), command.data(), nullptr};
    pid_t process = -1;
    const int error = ::posix_spawn(&process, "/proc/self/exe", &actions_, &attributes_,
                                    arguments.data(), environ);
    if (error != 0) {
      throw std::runtime_error(std::string("cannot start a process: ") + std::strerror(error));
    }
    return process;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

pid_t Spawn(int socket) {
  SpawnPlan plan;
  plan.SetDescriptors(socket);
  plan.BlockSignals();
  return plan.Spawn();
}

}  // namespace

RunnerProcess::RunnerProcess() : RunnerProcess(PacketSocket::MakePair()) {}

RunnerProcess::RunnerProcess(std::pair<PacketSocket, PacketSocket> sockets)
    : socket_(std::move(sockets.first)), process_(Spawn(sockets.second.descriptor())) {}

RunnerProcess::~RunnerProcess() { End(); }

std::string RunnerProcess::End() {
  if (process_ < 0) return "has ended";
  ::kill(process_, SIGKILL);  // without effect on what it died of before
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  if (WIFSIGNALED(status)) return ChildResult{.signal = WTERMSIG(status)}.CrashText();
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace scission
