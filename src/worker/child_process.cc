#include "worker/child_process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "base/text.h"
#include "worker/descriptor.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kStepMs = 100;
constexpr std::size_t kMaxLine = 2000;
constexpr int kCannotStart = 127;

/// In the child, whose parent has threads: system calls alone.
[[noreturn]] void Become(const char* program, char* const* argv, const char* directory,
                         int error_output, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const bool is_ready =
      null >= 0 && ::dup2(null, STDIN_FILENO) >= 0 && ::dup2(null, STDOUT_FILENO) >= 0 &&
      ::dup2(error_output, STDERR_FILENO) >= 0 && ::chdir(directory) == 0 && ::getppid() == parent;
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  if (is_ready) ::execv(program, argv);
  ::_exit(kCannotStart);
}

struct Started {
  pid_t child = 0;
  Descriptor error_output;
};

Started Start(const ChildProgram& program) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw std::runtime_error(std::string("cannot make a pipe: ") + std::strerror(errno));
  }
  Descriptor ours(ends[0]);
  const Descriptor theirs(ends[1]);
  // Everything that allocates happens before the fork.
  const std::string name = program.program.string();
  std::vector<std::string> words = {name};
  words.insert(words.end(), program.arguments.begin(), program.arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const std::string directory = program.directory.string();
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    Become(name.c_str(), argv.data(), directory.c_str(), theirs.value(), parent);
  }
  if (child < 0) {
    throw std::runtime_error(std::string("cannot start a process: ") + std::strerror(errno));
  }
  return {child, std::move(ours)};
}

/// Lines out of what comes piece by piece.
class Lines {
 public:
  explicit Lines(const std::function<void(const std::string& text)>& line) : line_(line) {}

  void Add(std::string_view data) {
    for (const char c : data) {
      if (c == '\n') {
        Flush();
      } else if (text_.size() < 2 * kMaxLine) {
        text_ += c;
      }
    }
  }
  void Flush() {
    if (!text_.empty()) line_(Printable(text_, kMaxLine));
    text_.clear();
  }

 private:
  const std::function<void(const std::string& text)>& line_;
  std::string text_;
};

/// What is sent to the child, and when.
class Ending {
 public:
  Ending(pid_t child, Seconds patience) : child_(child), patience_(patience) {}

  bool has_begun() const { return step_ > 0; }

  void Update(bool is_cancelled) {
    if (step_ == 0 && is_cancelled) Send(SIGINT);
    if (step_ == 1 && Clock::now() - since_ > patience_) Send(SIGKILL);
  }

 private:
  void Send(int signal) {
    ::kill(child_, signal);
    since_ = Clock::now();
    ++step_;
  }

  pid_t child_;
  Seconds patience_;
  int step_ = 0;
  Clock::time_point since_;
};

/// False where nothing more will come.
bool ReadSome(int descriptor, Lines& lines) {
  char piece[4096];
  const ssize_t count = ::read(descriptor, piece, sizeof(piece));
  if (count > 0) lines.Add({piece, static_cast<std::size_t>(count)});
  return count > 0 || (count < 0 && errno == EINTR);
}

/// Until the child itself has ended: its own children may hold the pipe for longer. Returns the
/// status.
int ReadUntilEnd(const Started& started, Lines& lines, Ending& ending,
                 const std::function<bool()>& is_cancelled) {
  pollfd entry{.fd = started.error_output.value(), .events = POLLIN, .revents = 0};
  while (true) {
    ending.Update(is_cancelled());
    int status = 0;
    const bool has_ended = ::waitpid(started.child, &status, WNOHANG) == started.child;
    while (::poll(&entry, 1, has_ended ? 0 : kStepMs) > 0) {
      if (!ReadSome(entry.fd, lines)) entry.fd = -1;  // poll leaves it alone then
      if (!has_ended) break;
    }
    if (has_ended) return status;
  }
}

}  // namespace

ChildResult RunProgram(const ChildProgram& program,
                       const std::function<void(const std::string& text)>& line,
                       const std::function<bool()>& is_cancelled) {
  const Started started = Start(program);
  Lines lines(line);
  Ending ending(started.child, program.patience);
  const int status = ReadUntilEnd(started, lines, ending, is_cancelled);
  lines.Flush();
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status), ending.has_begun()};
  return {WEXITSTATUS(status), 0, ending.has_begun()};
}

}  // namespace scission
