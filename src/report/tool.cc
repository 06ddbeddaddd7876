#include "report/tool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxOutput = 4096;  // that is kept; more is read and dropped

/// A pipe: what is written into one end comes out of the other.
class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error(std::string("no pipe: ") + std::strerror(errno));
    }
  }
  ~Pipe() {
    ::close(ends_[0]);
    CloseWriter();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void CloseWriter() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
  }

 private:
  std::array<int, 2> ends_{};
};

/// Standard streams of the child: no input, and all that it says into a pipe.
class ChildStreams {
 public:
  explicit ChildStreams(const Pipe& pipe) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, pipe.writer(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, pipe.writer(), STDERR_FILENO);
  }
  ~ChildStreams() { ::posix_spawn_file_actions_destroy(&actions_); }
  ChildStreams(const ChildStreams&) = delete;
  ChildStreams& operator=(const ChildStreams&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

pid_t Start(const Tool& tool, std::vector<std::string> arguments, const Pipe& pipe) {
  arguments.insert(arguments.begin(), tool.program);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const ChildStreams streams(pipe);
  pid_t process = 0;
  const int error =
      ::posix_spawnp(&process, tool.program, streams.get(), nullptr, argv.data(), environ);
  if (error == ENOENT) {
    throw InputError(tool.program, fmt::format("is not installed, and {} (package {})",
                                               tool.purpose, tool.package));
  }
  if (error != 0) {
    throw InputError(tool.program, std::string("cannot run: ") + std::strerror(error));
  }
  return process;
}

/// Adds what comes out of `descriptor` to `output` until all writers are gone: true; false where
/// that is not before `deadline`.
bool ReadAll(int descriptor, Clock::time_point deadline, std::string& output) {
  std::array<char, 4096> buffer;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd event{descriptor, POLLIN, 0};
    const int ready = ::poll(&event, 1, static_cast<int>(std::max(left.count(), 0L)));
    if (ready == 0) return false;
    if (ready < 0 && errno == EINTR) continue;
    const ssize_t count = ready < 0 ? -1 : ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0) throw std::runtime_error(std::string("reading failed: ") + std::strerror(errno));
    if (count == 0) return true;
    output.append(buffer.data(),
                  std::min(static_cast<std::size_t>(count), kMaxOutput - output.size()));
  }
}

/// Returns what waitpid says of the process.
int Wait(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) throw std::runtime_error("waiting for a process failed");
  }
  return status;
}

}  // namespace

bool RunTool(const Tool& tool, const std::vector<std::string>& arguments,
             std::chrono::seconds limit) {
  const Clock::time_point deadline = Clock::now() + limit;
  Pipe pipe;
  const pid_t process = Start(tool, arguments, pipe);
  pipe.CloseWriter();
  std::string output;
  const bool ended = ReadAll(pipe.reader(), deadline, output);
  if (!ended) ::kill(process, SIGKILL);
  const int status = Wait(process);
  if (ended && status != 0) {
    throw std::runtime_error(
        fmt::format("{} failed: {}", tool.program, Printable(Trim(output), 500)));
  }
  return ended;
}

}  // namespace scission
